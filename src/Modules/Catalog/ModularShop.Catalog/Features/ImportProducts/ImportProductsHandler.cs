using System.Text;
using Microsoft.Extensions.Logging;
using ModularShop.Catalog.Infrastructure.Csv;

namespace ModularShop.Catalog.Features.ImportProducts;

/// <summary>
/// Streams the file: in memory are one batch and the skus seen. A crash, a cancelled request or a failed batch
/// leaves the batches before it; the same file again changes nothing about those and goes on.
/// </summary>
internal sealed class ImportProductsHandler(IMediator mediator, ILogger<ImportProductsHandler> logger) : IRequestHandler<ImportProducts, Result<ImportReport>>
{
    public const int BatchSize = 200;

    public const int MaxErrors = 1000;

    private readonly Dictionary<string, int> _seen = new(StringComparer.Ordinal);
    private readonly List<ImportRow> _batch = new(BatchSize);
    private readonly List<ImportError> _errors = [];
    private int _created;
    private int _updated;
    private int _unchanged;
    private int _rejected;
    private bool _truncated;

    public async Task<Result<ImportReport>> Handle(ImportProducts command, CancellationToken cancellationToken)
    {
        // What is not UTF-8 becomes U+FFFD, and the cell it is in is reported.
        using var text = new StreamReader(
            command.Csv, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), detectEncodingFromByteOrderMarks: false, leaveOpen: true);
        var csv = new CsvReader(text);
        var columns = ImportColumns.Of(await csv.ReadAsync(cancellationToken));
        if (columns.Error is { } header)
        {
            return header;
        }

        while (await csv.ReadAsync(cancellationToken) is { } record)
        {
            Add(columns.Value.Read(record));
            if (_batch.Count == BatchSize && (await SaveAsync(cancellationToken)).Error is { } error)
            {
                return error;
            }
        }

        if (_batch.Count > 0 && (await SaveAsync(cancellationToken)).Error is { } last)
        {
            return last;
        }

        if (_rejected > 0)
        {
            Log.ImportRejected(logger, _rejected, _created, _updated, _unchanged);
        }

        return new ImportReport(_created, _updated, _unchanged, _rejected, [.. _errors.OrderBy(e => e.Line)], _truncated);
    }

    private void Add((ImportRow? Row, IReadOnlyList<ImportError> Errors) read)
    {
        if (read.Row is not { } row)
        {
            Reject(read.Errors);
        }
        else if (_seen.TryGetValue(row.Sku, out var before))
        {
            Reject([new ImportError(row.Line, "sku", $"{row.Sku} is in line {before} already.")]);
        }
        else
        {
            _seen.Add(row.Sku, row.Line);
            _batch.Add(row);
        }
    }

    /// <summary>A save of its own: a crash behind it loses nothing of the batch, a crash before it all of it.</summary>
    private async Task<Result> SaveAsync(CancellationToken cancellationToken)
    {
        var outcome = await mediator.Send(new ImportBatch(_batch.ToList()), cancellationToken);
        _batch.Clear();
        if (outcome.Error is { } error)
        {
            return error;
        }

        _created += outcome.Value.Created;
        _updated += outcome.Value.Updated;
        _unchanged += outcome.Value.Unchanged;
        foreach (var obstacle in outcome.Value.Errors)
        {
            Reject([obstacle]);
        }

        return Result.Ok;
    }

    private void Reject(IReadOnlyList<ImportError> errors)
    {
        _rejected++;
        var listed = errors.Take(MaxErrors - _errors.Count).ToList();
        _errors.AddRange(listed);
        _truncated |= listed.Count < errors.Count;
    }
}
