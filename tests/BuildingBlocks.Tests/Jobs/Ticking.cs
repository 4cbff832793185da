using System.Collections.Concurrent;

namespace BuildingBlocks.Tests.Jobs;

/// <summary>A job of the receiver, in hosts that know what it did.</summary>
internal static class Ticking
{
    public static Task<Host> StartTickingAsync(this TestDatabase database, Ticks ticks, TimeSpan every, params (string Key, string Value)[] settings) =>
        Host.StartAsync(database, services => AddTick(services, ticks, every), settings);

    public static bool Processes(this Host host) => host.Services.GetRequiredKeyedService<ModuleProcessor>("Receiver").Lease is not null;

    private static void AddTick(IServiceCollection services, Ticks ticks, TimeSpan every)
    {
        services.AddSingleton(ticks);
        services.AddScoped<Tick>();
        services.AddSingleton(new RecurringJob("Receiver", nameof(Tick), typeof(Tick), every));
    }
}

/// <summary>What the job of one host did, and is to do.</summary>
internal sealed class Ticks
{
    private static readonly ConcurrentDictionary<string, int> Running = new(StringComparer.Ordinal);

    private int _started;

    public int Started => Volatile.Read(ref _started);

    /// <summary>The job was running already when it was started.</summary>
    public bool Overlapped { get; private set; }

    public Func<CancellationToken, Task> Does { get; set; } = _ => Task.CompletedTask;

    public static async Task TakesAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(time);
        await timer.WaitForNextTickAsync(cancellationToken);
    }

    public static Task TakesForeverAsync(CancellationToken cancellationToken) => new TaskCompletionSource().Task.WaitAsync(cancellationToken);

    public Task StartedAsync(int times) => Eventually.TrueAsync(() => Task.FromResult(Started >= times), $"the job to run {times} times");

    /// <param name="where">Told apart from the same job of other tests.</param>
    public async Task RunAsync(string where, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _started);
        try
        {
            Overlapped |= Running.AddOrUpdate(where, 1, (_, running) => running + 1) > 1;
            await Does(cancellationToken);
        }
        finally
        {
            Running.AddOrUpdate(where, 0, (_, running) => running - 1);
        }
    }
}

internal sealed class Tick(Ticks ticks, Receiver.ReceiverDbContext db) : IRecurringJob
{
    public Task RunAsync(CancellationToken cancellationToken) => ticks.RunAsync(db.Database.GetConnectionString()!, cancellationToken);
}
