using Microsoft.Extensions.Logging;

namespace ModularShop.Facade;

/// <summary>Turns a text into the snapshot in effect: checked, numbered, kept, exchanged.</summary>
internal sealed class RoutingChanges(
    EndpointInventory inventory, RoutingTable table, ProxyConfiguration proxy, IRoutingStore store, DestinationRules destinations, TimeProvider time, ILogger<RoutingChanges> logger)
{
    private const string ByFile = "file";
    private const string Nothing = """{ "Facade": {} }""";

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>At the start: what was in effect last, whatever the file is like now.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var newest = await store.NewestAsync(cancellationToken) ?? new RoutingRevision(0, Nothing, time.GetUtcNow(), ByFile, "No routing has been set.");
        var (definition, errors) = Read(newest.Text);
        if (definition is null)
        {
            // An endpoint or a module of then is no longer there.
            table.Errors = errors;
            FacadeLog.Rejected(logger, newest.Number, string.Join(' ', errors));
            (definition, _) = Read(Nothing);
        }

        await ExchangeAsync(newest, definition!);
    }

    /// <summary>What somebody wrote, in a file or on another node.</summary>
    /// <exception cref="RoutingConflictException">The routing was changed after the text was read.</exception>
    public async Task TakeAsync(RoutingText written, CancellationToken cancellationToken)
    {
        if (written.Kept is { } kept)
        {
            await TakeKeptAsync(kept, cancellationToken);
        }
        else if (written.Text is { } text)
        {
            await ApplyAsync(text, ByFile, written.Reason, written.Expected, cancellationToken);
        }
        else if (table.Current.Revision.Number > 0)
        {
            table.Errors = [new RoutingError("file", "The routing file is gone. To send everything home, write { \"Facade\": {} }.")];
            FacadeLog.Rejected(logger, table.Current.Revision.Number, table.Errors[0].ToString());
        }
    }

    /// <summary>Before a change: it is made on what other hosts have changed, though this one may not have heard of it yet.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (await store.NewestAsync(cancellationToken) is { } newest)
        {
            await TakeKeptAsync(newest, cancellationToken);
        }
    }

    /// <summary>Every error, and nothing has changed; or none, and it is in effect.</summary>
    /// <param name="expected">The revision that the change was made on; null for what replaces any.</param>
    /// <exception cref="RoutingConflictException">Somebody else changed the routing after revision <paramref name="expected"/>, or is about to.</exception>
    public async Task<IReadOnlyList<RoutingError>> ApplyAsync(string text, string by, string reason, long? expected, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            var current = table.Current.Revision;
            var (definition, errors) = Read(text);
            if (definition is null)
            {
                if (by == ByFile)
                {
                    table.Errors = errors;
                    FacadeLog.Rejected(logger, current.Number, string.Join(' ', errors));
                }

                return errors;
            }

            if (expected is not null && current.Number != expected)
            {
                throw new RoutingConflictException($"The routing is at revision {current.Number} by now, not {expected}. Look at it, and change it again.");
            }

            table.Errors = [];
            if (text == current.Text)
            {
                return [];
            }

            var revision = new RoutingRevision(current.Number + 1, text, time.GetUtcNow(), by, reason);
            await store.AppendAsync(revision, isInFile: by == ByFile, cancellationToken);
            await ExchangeAsync(revision, definition);
            return [];
        }
        finally
        {
            _one.Release();
        }
    }

    private async Task TakeKeptAsync(RoutingRevision kept, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (kept.Number <= table.Current.Revision.Number)
            {
                return;
            }

            var (definition, errors) = Read(kept.Text);
            table.Errors = errors;
            if (definition is not null)
            {
                await ExchangeAsync(kept, definition);
            }
            else
            {
                // Hosts of two versions: another one has an endpoint or a module that this one lacks.
                FacadeLog.Rejected(logger, table.Current.Revision.Number, string.Join(' ', errors));
            }
        }
        finally
        {
            _one.Release();
        }
    }

    private (RoutingDefinition? Definition, IReadOnlyList<RoutingError> Errors) Read(string text) => RoutingFile.Read(text, inventory, destinations.ProblemOf);

    private async Task ExchangeAsync(RoutingRevision revision, RoutingDefinition definition)
    {
        var snapshot = new RoutingSnapshot(revision, definition, inventory, time, table.Newest);
        // Where a service answers has to be known before the first request is sent there.
        await proxy.UpdateAsync(snapshot);
        table.Exchange(snapshot);
        FacadeLog.InEffect(logger, revision.Number, revision.By, revision.Reason);
    }
}
