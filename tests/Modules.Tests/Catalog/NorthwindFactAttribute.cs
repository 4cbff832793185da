namespace Modules.Tests.Catalog;

/// <summary>A test on the Northwind files beside the repository (<c>../shared/data/northwind</c>); skipped where they are absent.</summary>
public sealed class NorthwindFactAttribute : FactAttribute
{
    public static readonly string Products = Path.Combine(Repository.Root, "..", "shared", "data", "northwind", "products.csv");

    public NorthwindFactAttribute()
    {
        if (!File.Exists(Products))
        {
            Skip = "Needs ../shared/data/northwind/products.csv beside the repository.";
        }
    }
}
