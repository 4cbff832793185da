using Microsoft.Extensions.Configuration;
using ModularShop.Catalog.Features.ImportProducts;

namespace ModularShop.Catalog.Infrastructure.Seed;

/// <summary>Fills an empty catalogue with the demo shop's products, where <c>Demo:Catalog</c> is true.</summary>
internal sealed class DemoProducts(CatalogDbContext db, IMediator mediator, IConfiguration configuration) : IModuleSeed
{
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        if (!configuration.GetValue<bool>("Demo:Catalog") || await db.Products.AnyAsync(cancellationToken))
        {
            return;
        }

        var assembly = typeof(DemoProducts).Assembly;
        await using var csv = assembly.GetManifestResourceStream($"{typeof(DemoProducts).Namespace}.products.csv")
            ?? throw new InvalidOperationException("The demo products are not part of this build.");
        var outcome = await mediator.Send(new ImportProducts(csv), cancellationToken);
        if (outcome.Error is { } error || outcome.Value.Rejected > 0)
        {
            throw new InvalidOperationException($"The demo products cannot be imported: {outcome.Error?.Detail ?? string.Join(' ', outcome.Value.Errors)}");
        }
    }
}
