namespace ModularShop.Catalog.Features.ImportProducts;

/// <summary>Good lines that go in together.</summary>
internal sealed record ImportBatch(IReadOnlyList<ImportRow> Rows) : ICommand<Result<ImportedBatch>>;

/// <param name="Errors">One for each line that does not fit what is there already.</param>
internal sealed record ImportedBatch(int Created, int Updated, int Unchanged, IReadOnlyList<ImportError> Errors);
