namespace ModularShop.Catalog.Infrastructure.Csv;

/// <summary>A record of a CSV file; where it cannot be read, the fields before the one that is broken.</summary>
/// <param name="Line">The first line it is on, counted from 1.</param>
internal sealed record CsvRecord(int Line, IReadOnlyList<string> Fields, string? Problem);
