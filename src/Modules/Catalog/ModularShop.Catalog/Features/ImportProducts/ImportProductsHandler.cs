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
    private const int BatchSize = 200;

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

        var tally = new ImportTally();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var batch = new List<ImportRow>(BatchSize);
        CsvRecord? record;
        do
        {
            record = await csv.ReadAsync(cancellationToken);
            if (record is not null && Read(record, columns.Value, seen, tally) is { } row)
            {
                batch.Add(row);
            }

            if (batch.Count == BatchSize || (record is null && batch.Count > 0))
            {
                // A save of its own. A crash before its commit: nothing of this batch has happened. After it: all has.
                var saved = await mediator.Send(new ImportBatch(batch), cancellationToken);
                if (saved.Error is { } error)
                {
                    return error;
                }

                tally.Add(saved.Value);
                batch = new List<ImportRow>(BatchSize);
            }
        }
        while (record is not null);

        var report = tally.Report();
        if (report.Rejected > 0)
        {
            Log.ImportRejected(logger, report.Rejected, report.Created, report.Updated, report.Unchanged);
        }

        return report;
    }

    private static ImportRow? Read(CsvRecord record, ImportColumns columns, Dictionary<string, int> seen, ImportTally tally)
    {
        var (row, errors) = columns.Read(record);
        if (row is not null && !seen.TryAdd(row.Sku, row.Line))
        {
            errors = [new ImportError(row.Line, "sku", $"{row.Sku} is in line {seen[row.Sku]} already.")];
        }

        if (errors.Count > 0)
        {
            tally.Reject(errors);
            return null;
        }

        return row;
    }
}
