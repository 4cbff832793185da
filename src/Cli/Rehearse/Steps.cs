using System.Net;
using System.Text.Json;
using ModularShop.Cli.Move;
using ModularShop.Cli.Routes;

namespace ModularShop.Cli.Rehearse;

/// <summary>The steps of an extraction as an operator takes them, who looks again and tries again where something is broken.</summary>
internal sealed class Steps(string module, Shoppers shop, Recorder recorder)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PerCommand = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private readonly string _path = $"moves/{module.ToLowerInvariant()}";

    /// <summary>Every endpoint of the module to its service.</summary>
    public async Task RouteAsync(CancellationToken cancellationToken)
    {
        var (_, text) = await shop.Caller.TellAsync(shop.Get("routes"), PerCommand, cancellationToken);
        foreach (var endpoint in Read<Routing>(text)?.Endpoints.Where(e => e.Module == module) ?? [])
        {
            await TellAsync(shop.Put($"routes/{endpoint.Name}", new { mode = "Service", reason = "rehearsal" }), $"{endpoint.Name} could not be given to the service", cancellationToken);
        }
    }

    public Task RouteHomeAsync(CancellationToken cancellationToken) =>
        TellAsync(shop.Post("routes/home", new { reason = "rehearsal" }), "the endpoints could not be given back to the monolith", cancellationToken);

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await UntilAsync("the move begins", "create", _ => true, () => shop.Post(_path, null), cancellationToken);
        await ComesToAsync("all rows are copied", m => Is(m, "running", "verified"), cancellationToken);
    }

    /// <summary>Compares all rows; again, where something broke it off.</summary>
    public async Task CompareAsync(CancellationToken cancellationToken)
    {
        var before = (await LookAsync(PerCommand, cancellationToken))?.VDiff?.EndedAt;
        var compared = await UntilAsync("all rows are compared", "vdiff", m => m.Comparing is null && m.VDiff is { } report && report.EndedAt != before, () => Command("vdiff"), cancellationToken);
        if (compared?.VDiff is { IsClean: false } report)
        {
            recorder.Violated(Violation.Unfinished, $"{report.Tables.Sum(t => t.Differing + t.Missing + t.Extra)} of {report.Rows} rows differ between the two databases");
        }
    }

    public Task SwitchReadsAsync(CancellationToken cancellationToken) => UntilAsync("reads are switched", "switch-reads", m => Is(m, "readsSwitched", "writesSwitched"), () => Command("switch-reads"), cancellationToken);

    public Task SwitchWritesAsync(CancellationToken cancellationToken) => UntilAsync("writes are switched", "switch-writes", m => Is(m, "writesSwitched"), () => Command("switch-writes"), cancellationToken);

    public Task ReverseAsync(CancellationToken cancellationToken) => UntilAsync("writes are switched back", "reverse", m => Is(m, "readsSwitched"), () => Command("reverse"), cancellationToken);

    public Task CompleteAsync(CancellationToken cancellationToken) => UntilAsync("the host's tables are retired", "complete", m => Is(m, "completed"), () => Command("complete"), cancellationToken);

    public Task CancelAsync(CancellationToken cancellationToken) => UntilAsync("the move is taken back", "cancel", m => Is(m, "cancelled"), () => Command("cancel"), cancellationToken);

    /// <summary>Records how far the move is, until it is told to stop.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (; ; await Task.Delay(Pace, cancellationToken))
            {
                if (await LookAsync(TimeSpan.Zero, cancellationToken) is { IsOver: false } move)
                {
                    recorder.Followed.Enqueue(new Following(recorder.Now, move.LagSeconds, move.Rows, move.RowsExpected, move.LogRows));
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Told to.
        }
    }

    public async Task<IReadOnlyList<Event>> HistoryAsync(CancellationToken cancellationToken)
    {
        var (_, text) = await shop.Caller.TellAsync(shop.Get($"{_path}/history"), PerCommand, cancellationToken);
        return Read<IReadOnlyList<Event>>(text) ?? [];
    }

    public async Task<Report?> ComparedAsync(CancellationToken cancellationToken) => (await LookAsync(PerCommand, cancellationToken))?.VDiff;

    private static bool Is(MoveStatus move, params ReadOnlySpan<string> states)
    {
        foreach (var state in states)
        {
            if (string.Equals(move.State, state, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private Request Command(string command) => shop.Post($"{_path}/commands", new { command });

    private Task<MoveStatus?> ComesToAsync(string what, Func<MoveStatus, bool> isThere, CancellationToken cancellationToken) => UntilAsync(what, "", isThere, () => null, cancellationToken);

    /// <summary>Looks whether it is so; gives the command where it is not, and nothing is under way; looks again.</summary>
    private async Task<MoveStatus?> UntilAsync(string what, string command, Func<MoveStatus, bool> isSo, Func<Request?> request, CancellationToken cancellationToken)
    {
        var (until, said) = (recorder.Now + Patience, "");
        for (; recorder.Now < until; await Task.Delay(Pace, cancellationToken))
        {
            var move = await LookAsync(Glance, cancellationToken);
            if (move is not null && isSo(move))
            {
                return move;
            }

            if (request() is { } give && move?.Comparing is null)
            {
                var (status, text) = await shop.Caller.TellAsync(give, PerCommand, cancellationToken);
                said = status is >= 200 and < 300 && Read<Outcome>(text) is { Text: { } outcome } ? outcome : text;
                if (said.Contains("No comparison", StringComparison.Ordinal) && command != "vdiff")
                {
                    // What was compared before a fault counts no more where the fault took a switch back.
                    await CompareAsync(cancellationToken);
                }
            }
            else if (move is { Trouble: { } trouble })
            {
                said = trouble;
            }
        }

        recorder.Violated(Violation.Unfinished, $"after {Patience.TotalMinutes} minutes it is not so that {what}: {said}");
        return null;
    }

    private async Task<MoveStatus?> LookAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        var (status, text) = await shop.Caller.TellAsync(shop.Get(_path), patience, cancellationToken);
        return status == (int)HttpStatusCode.OK ? Read<MoveStatus>(text) : null;
    }

    private async Task TellAsync(Request request, string otherwise, CancellationToken cancellationToken)
    {
        var (status, text) = await shop.Caller.TellAsync(request, Patience, cancellationToken);
        if (status is not (>= 200 and < 300))
        {
            recorder.Violated(Violation.Unfinished, $"{otherwise}: {text}");
        }
    }

    private static T? Read<T>(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, Web);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
