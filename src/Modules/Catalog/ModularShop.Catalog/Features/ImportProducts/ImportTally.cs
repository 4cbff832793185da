namespace ModularShop.Catalog.Features.ImportProducts;

/// <summary>What has become of the lines so far.</summary>
internal sealed class ImportTally
{
    private const int MaxErrors = 1000;

    private readonly List<ImportError> _errors = [];
    private int _created;
    private int _updated;
    private int _unchanged;
    private int _rejected;
    private bool _truncated;

    public void Add(ImportedBatch batch)
    {
        _created += batch.Created;
        _updated += batch.Updated;
        _unchanged += batch.Unchanged;
        foreach (var error in batch.Errors)
        {
            Reject([error]);
        }
    }

    /// <summary>One line, with all that is wrong with it.</summary>
    public void Reject(IReadOnlyList<ImportError> errors)
    {
        _rejected++;
        var listed = errors.Take(MaxErrors - _errors.Count).ToList();
        _errors.AddRange(listed);
        _truncated |= listed.Count < errors.Count;
    }

    public ImportReport Report() => new(_created, _updated, _unchanged, _rejected, [.. _errors.OrderBy(e => e.Line)], _truncated);
}
