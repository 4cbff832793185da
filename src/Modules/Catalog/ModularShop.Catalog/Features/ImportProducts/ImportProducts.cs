namespace ModularShop.Catalog.Features.ImportProducts;

/// <summary>Reads a whole CSV file and saves it batch by batch, each in a transaction of its own.</summary>
internal sealed record ImportProducts(Stream Csv) : ICommand<Result<ImportReport>>;

/// <param name="Errors">What is wrong with the rejected lines, in the order of the file.</param>
/// <param name="Truncated">There are more errors than the 1,000 that are listed.</param>
internal sealed record ImportReport(int Created, int Updated, int Unchanged, int Rejected, IReadOnlyList<ImportError> Errors, bool Truncated);

/// <param name="Line">The first line of the record.</param>
/// <param name="Column">Null where the line as a whole is wrong.</param>
internal sealed record ImportError(int Line, string? Column, string Reason);
