using System.Globalization;
using ModularShop.Shipping.Domain;

namespace ModularShop.Shipping.Infrastructure.Seed;

/// <summary>
/// Countries, zones and rates, in every environment: without them nothing can be shipped. Adds what is missing
/// and touches nothing that is there, so a price an operator has changed stays changed.
/// </summary>
internal sealed class ReferenceData(ShippingDbContext db) : IModuleSeed
{
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        var countries = await db.Countries.Select(c => c.Code).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        var rates = await db.Rates.Select(r => r.Code).ToHashSetAsync(StringComparer.Ordinal, cancellationToken);
        db.AddRange(Lines("countries.csv").Select(ToCountry).Where(c => !countries.Contains(c.Code)));
        db.AddRange(Lines("rates.csv").Select(ToRate).Where(r => !rates.Contains(r.Code)));
        try
        {
            // A crash before this commit: the next start adds all of it.
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            // Another host that starts at the same time has added the same rows.
            db.ChangeTracker.Clear();
        }
    }

    private static Country ToCountry(string[] cells) => new()
    {
        Code = cells[0],
        Name = cells[1],
        Zone = cells[2].Length == 0 ? null : Enum.Parse<Zone>(cells[2]),
    };

    private static Rate ToRate(string[] cells) => Rate.Of(
        Enum.Parse<Zone>(cells[0]), Enum.Parse<Service>(cells[1]), Number(cells[2]), Number(cells[3]), (Number(cells[4]), Number(cells[5])),
        [Price(cells[6], "EUR"), Price(cells[7], "USD"), Price(cells[8], "GBP")]);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static Money Price(string text, string currency) =>
        Money.TryParse(text, currency, out var price) ? price : throw new FormatException($"'{text}' is no price in {currency}.");

    private static IEnumerable<string[]> Lines(string file)
    {
        var assembly = typeof(ReferenceData).Assembly;
        using var stream = assembly.GetManifestResourceStream($"{assembly.GetName().Name}.Infrastructure.Seed.{file}")!;
        using var reader = new StreamReader(stream);
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split(',');
        }
    }
}
