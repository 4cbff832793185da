namespace Modules.Tests.Catalog;

/// <summary>A test on the Northwind files beside the repository (<c>../shared/data/northwind</c>); skipped where they are absent.</summary>
public sealed class NorthwindFactAttribute : FactAttribute
{
    public NorthwindFactAttribute()
    {
        if (File("products.csv") is null)
        {
            Skip = "Needs ../shared/data/northwind/products.csv beside the repository.";
        }
    }

    /// <summary>The path of a file of the data set; null where it is absent.</summary>
    public static string? File(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "ModularShop.sln")))
            {
                var path = Path.Combine(folder.FullName, "..", "shared", "data", "northwind", name);
                return System.IO.File.Exists(path) ? path : null;
            }
        }

        return null;
    }
}
