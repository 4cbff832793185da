using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Modularity.Http;

namespace Benchmarks.Reads;

/// <summary>
/// A minimal API with nothing but the queries of the host's product list and product page, through EF Core and a pooled
/// context on the same database. It runs as a process of its own, as the host does.
/// </summary>
internal static class BareApi
{
    /// <summary>The argument that makes this program the bare API.</summary>
    public const string Argument = "bare-api";

    public static Task<HostProcess> StartAndWaitAsync(TestDatabase database) => ReadyAsync(Begin(database));

    public static HostProcess Begin(TestDatabase database) => HostProcess.StartProgram("tests/Benchmarks", database, "Benchmark", Argument);

    public static async Task RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        var database = builder.Configuration.GetSection("Database").Get<DatabaseOptions>()!;
        builder.Services.AddDbContextPool<CatalogDbContext>(options => options.UseModuleDatabase("Catalog", database, builder.Environment.ContentRootPath));
        builder.Services.ConfigureHttpJsonOptions(json => Platform.Configure(json.SerializerOptions));
        await using var app = builder.Build();
        app.MapGet("/health/ready", () => "ready");
        app.MapGet(Paths.List, ListAsync);
        app.MapGet(Paths.Product("{sku}"), GetAsync);
        await app.RunAsync();
    }

    private static async Task<IResult> ListAsync(CatalogDbContext db, CancellationToken cancellationToken, int size = 20)
    {
        var rows = await (
            from product in db.Products.AsNoTracking()
            join category in db.Categories on product.CategoryId equals category.Id
            join stock in db.Stock on product.Id equals stock.Id
            where product.Status == ProductStatus.Active
            orderby product.NameKey, product.Sku
            select new
            {
                product.Sku, product.Name, product.Brand, Category = category.Name, CategoryPath = category.Path, product.Price, product.Status,
                Available = stock.OnHand - stock.Reserved, product.NameKey, product.CreatedAt,
            }).Take(size + 1).ToListAsync(cancellationToken);
        return Results.Ok(new
        {
            Items = rows.Take(size).Select(r => new { r.Sku, r.Name, r.Brand, r.Category, r.CategoryPath, r.Price, r.Status, r.Available }),
            Next = rows.Count > size ? rows[size - 1].Sku : null,
        });
    }

    private static async Task<IResult> GetAsync(string sku, CatalogDbContext db, CancellationToken cancellationToken)
    {
        var found = await (
            from product in db.Products.AsNoTracking()
            join category in db.Categories on product.CategoryId equals category.Id
            join stock in db.Stock on product.Id equals stock.Id
            where product.Sku == sku
            select new { product, category.Name, category.Path, Available = stock.OnHand - stock.Reserved }).SingleOrDefaultAsync(cancellationToken);
        return found is null ? Results.NotFound() : Results.Ok(new
        {
            found.product.Sku, found.product.Name, found.product.Description, found.product.Brand, Category = found.Name, CategoryPath = found.Path, found.product.Price,
            found.product.WeightGrams, found.product.Status, found.Available, found.product.About.Attributes, found.product.Version,
        });
    }

    private static async Task<HostProcess> ReadyAsync(HostProcess process)
    {
        await process.ReadyAsync();
        return process;
    }
}

/// <summary>What is read, of the host and of the bare API alike.</summary>
internal static class Paths
{
    public const string List = "/api/v1/catalog/products";

    public static string Product(string sku) => $"{List}/{sku}";
}
