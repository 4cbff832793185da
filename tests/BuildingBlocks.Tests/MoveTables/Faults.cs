using System.Data.Common;
using ModularShop.Modularity.Deployables;
using Npgsql;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>Two coordinating processes, and what happens to them and to the databases.</summary>
internal sealed class Faults : IAsyncDisposable
{
    private readonly Warehouse _warehouse;
    private readonly Writers _writers;
    private readonly CoordinatorProcess[] _processes = new CoordinatorProcess[2];
    private readonly Dictionary<string, TcpProxy> _proxies = new(StringComparer.Ordinal);
    private readonly (string Key, string Value)[] _settings;
    private readonly Task<Dictionary<string, int>> _happening;

    /// <param name="random">Draws all of them here, before the first happens.</param>
    public Faults(Warehouse warehouse, Writers writers, Random random, int count)
    {
        (_warehouse, _writers) = (warehouse, writers);
        _settings =
        [
            ("MoveTables:LeaseSeconds", "1"),
            .. warehouse.Settings.Where(s => s.Key.EndsWith("ConnectionString", StringComparison.Ordinal) && s.Value.Contains("Host=", StringComparison.OrdinalIgnoreCase))
                .Select(s => (s.Key, ThroughAProxy(s.Value))),
        ];
        Start(0);
        Start(1);
        var kinds = new List<Kind> { Kind.Kill, Kind.Stop, Kind.LongTransaction };
        if (_proxies.Count > 0)
        {
            kinds.Add(Kind.Cut);
        }

        var plan = Enumerable.Range(0, count)
            .Select(_ => new Fault(kinds[random.Next(kinds.Count)], random.Next(2), Milliseconds(100, 1500), Milliseconds(200, 3000), random.Next(4) > 0)).ToList();
        _happening = Task.Run(() => HappenAsync(plan));

        TimeSpan Milliseconds(int least, int most) => TimeSpan.FromMilliseconds(random.Next(least, most));
    }

    private enum Kind
    {
        Kill,
        Stop,
        Cut,
        LongTransaction,
    }

    /// <summary>Waits until the last has happened; how often each did.</summary>
    public Task<Dictionary<string, int>> OverAsync() => _happening;

    public async ValueTask DisposeAsync()
    {
        // What went wrong in it, OverAsync says.
        await Task.WhenAny(_happening);
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        foreach (var proxy in _proxies.Values)
        {
            await proxy.DisposeAsync();
        }
    }

    private void Start(int process) => _processes[process] = new CoordinatorProcess(_warehouse, _settings);

    private async Task<Dictionary<string, int>> HappenAsync(IReadOnlyList<Fault> plan)
    {
        var happened = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var fault in plan)
        {
            await PassAsync(fault.Before);
            switch (fault.Kind)
            {
                case Kind.Kill:
                    await _processes[fault.Process].DisposeAsync();
                    Start(fault.Process);
                    break;
                case Kind.Stop:
                    _processes[fault.Process].Signal("STOP");
                    await PassAsync(fault.Lasts);
                    _processes[fault.Process].Signal("CONT");
                    break;
                case Kind.Cut:
                    _proxies.Values.ToList().ForEach(proxy => proxy.Cut());
                    break;
                default:
                    await HoldATransactionAsync(fault);
                    break;
            }

            happened[$"{fault.Kind}"] = happened.GetValueOrDefault($"{fault.Kind}") + 1;
        }

        return happened;
    }

    /// <summary>Writes, and waits before it commits or gives up; where it is refused it has written nothing.</summary>
    private async Task HoldATransactionAsync(Fault fault)
    {
        var bin = Guid.CreateVersion7();
        foreach (var side in new[] { Owner.Monolith, Owner.Service })
        {
            try
            {
                await using var connection = await _warehouse.ConnectAsync(side);
                await using var transaction = await connection.BeginTransactionAsync();
                await _warehouse.InsertBinAsync(connection, transaction, bin, $"{bin:N}", side);
                await PassAsync(fault.Lasts);
                if (fault.IsGood)
                {
                    await transaction.CommitAsync();
                    _writers.Acknowledge(bin);
                }

                return;
            }
            catch (Exception e) when (e.IsModuleMoved() || e.IsDatabaseUnavailable() || e is DbException)
            {
                // The other side has it, or a switch came in between.
            }
        }
    }

    private static async Task PassAsync(TimeSpan time)
    {
        using var clock = new PeriodicTimer(time);
        await clock.WaitForNextTickAsync();
    }

    private string ThroughAProxy(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var proxy = _proxies.GetValueOrDefault(connectionString) ?? (_proxies[connectionString] = new TcpProxy(server.Port));
        server.Port = proxy.Port;
        return server.ConnectionString;
    }

    private sealed record Fault(Kind Kind, int Process, TimeSpan Before, TimeSpan Lasts, bool IsGood);
}
