using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>
/// Does a module's background work while this process owns the module's data and holds its lease: dispatcher, inbox,
/// jobs and what else the module registers. An orderly stop, a fence and a change of the owner give the lease up at once; a
/// killed process loses it when it expires.
/// </summary>
internal sealed class ModuleProcessor(
    LoadedModule module, IEnumerable<IModuleWorker> workers, IJobSchedule jobs, LeaseStore leases, Ownerships ownerships, OwnershipStore store, SubscribersElsewhere subscribers,
    ModuleSignal signal, IOptions<MessagingOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<ModuleProcessor> logger)
    : BackgroundService
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>Between two looks at who owns the data, where its database takes no writes.</summary>
    private static readonly TimeSpan PauseWhileMoving = TimeSpan.FromMilliseconds(20);

    /// <summary>A schedule is much to build, and behind a switch clients wait for their first writes: they go first.</summary>
    private static readonly TimeSpan BeforeJobs = TimeSpan.FromSeconds(1);

    private readonly string _holder = $"{Environment.MachineName}:{Environment.ProcessId}:{Guid.CreateVersion7():N}";
    private readonly TimeSpan _duration = TimeSpan.FromSeconds(options.Value.LeaseSeconds);

    /// <summary>The lease, while this process holds it.</summary>
    public HeldLease? Lease { get; private set; }

    private bool IsOwner => ownerships.IsOpenHere(module.Name);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // The shop answers first: background work waits until the process listens.
            await ListeningAsync(stoppingToken);
            // What is committed must reach everybody who takes it, so they must be known.
            await subscribers.KnownAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                await ownerships.WaitAsync(module.Name, _ => IsOwner, Timeout.InfiniteTimeSpan, stoppingToken);
                await ProcessAsync(stoppingToken);
                await WaitAsync(TimeSpan.FromMilliseconds(500), stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    /// <summary>Takes the lease if it is to be had, and works for as long as it lasts.</summary>
    private async Task ProcessAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (await leases.AcquireAsync(_holder, _duration, stoppingToken) is { } lease)
            {
                await HoldAsync(lease, stoppingToken);
            }
        }
        catch (Exception e) when (!e.IsCancelled(stoppingToken))
        {
            MessagingLog.Paused(logger, e, module.Name, "lease", e.GetBaseException().Message);
        }
    }

    private async Task ListeningAsync(CancellationToken stoppingToken)
    {
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(() => listening.TrySetResult());
        await using var stopped = stoppingToken.Register(() => listening.TrySetResult());
        await listening.Task;
    }

    private async Task HoldAsync(HeldLease lease, CancellationToken stoppingToken)
    {
        MessagingLog.LeaseTaken(logger, module.Name, lease.Token);
        using var held = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        Lease = lease;
        var movedAway = StopWhenMovedAsync(held);
        var running = workers.Select(w => Task.Run(() => RunAsync(w.GetType().Name, () => w.RunOnceAsync(lease, held.Token), held), CancellationToken.None))
            .Append(Task.Run(() => RunJobsAsync(held), CancellationToken.None)).ToList();
        try
        {
            await RenewAsync(lease, held.Token);
        }
        finally
        {
            Lease = null;
            await held.CancelAsync();
            await Task.WhenAll(running);
            await ReleaseAsync(lease);
            await movedAway;
        }

        await LookAgainAsync();
        if (!IsOwner)
        {
            var now = ownerships.Of(module.Name);
            MessagingLog.ProcessingMoved(logger, module.Name, now.Owner, now.Epoch, now.IsFenced ? "fenced" : "open");
        }
        else if (!stoppingToken.IsCancellationRequested)
        {
            MessagingLog.LeaseLost(logger, module.Name);
        }
    }

    private async Task StopWhenMovedAsync(CancellationTokenSource held)
    {
        try
        {
            await ownerships.WaitAsync(module.Name, _ => !IsOwner, Timeout.InfiniteTimeSpan, held.Token);
            await held.CancelAsync();
        }
        catch (OperationCanceledException)
        {
            // Stopped for another reason.
        }
    }

    /// <summary>Returns when the lease is lost: taken by another, or not renewed for as long as it lasts.</summary>
    private async Task RenewAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        var sinceRenewal = Stopwatch.StartNew();
        while (!cancellationToken.IsCancellationRequested && sinceRenewal.Elapsed < _duration)
        {
            await WaitAsync(_duration / 3, cancellationToken);
            var asked = Stopwatch.StartNew();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (leases.CanBeTakenMeanwhile)
            {
                // A connection that is cut without a word must not make a lease seem longer than it is.
                limit.CancelAfter(TimeSpan.FromTicks(Math.Max((_duration - sinceRenewal.Elapsed).Ticks, 0)));
            }

            try
            {
                var renewed = await leases.AcquireAsync(_holder, _duration, limit.Token);
                if (renewed != lease)
                {
                    return;
                }

                sinceRenewal = asked;
            }
            catch (Exception e) when (e is OperationCanceledException || e.IsCancelled(limit.Token))
            {
                return;
            }
            catch (Exception e)
            {
                MessagingLog.Paused(logger, e, module.Name, "lease", e.GetBaseException().Message);
            }
        }
    }

    private async Task RunJobsAsync(CancellationTokenSource held)
    {
        IAsyncDisposable? running = null;
        try
        {
            await RunAsync("jobs", StartOrWaitAsync, held);
        }
        finally
        {
            if (running is not null)
            {
                await StopAsync(running);
            }
        }

        async Task<bool> StartOrWaitAsync()
        {
            if (running is null)
            {
                await Task.Delay(BeforeJobs, held.Token);
                running = await jobs.StartAsync(held.Token);
                return true;
            }

            await Task.Delay(Timeout.Infinite, held.Token);
            return false;
        }
    }

    private async Task StopAsync(IAsyncDisposable running)
    {
        try
        {
            await running.DisposeAsync();
        }
        catch (Exception e)
        {
            // The store is out of reach, or a run takes no notice: neither may keep the module from being processed.
            MessagingLog.JobsNotStopped(logger, e, module.Name, e.GetBaseException().Message);
        }
    }

    private async Task RunAsync(string worker, Func<Task<bool>> runOnce, CancellationTokenSource held)
    {
        using var listener = signal.Listen();
        var (paused, pause) = (false, options.Value.PollMilliseconds);
        while (!held.IsCancellationRequested)
        {
            try
            {
                var worked = await runOnce();
                if (paused)
                {
                    paused = false;
                    MessagingLog.Resumed(logger, module.Name, worker);
                }

                var isCalled = !worked && await listener.WaitAsync(TimeSpan.FromMilliseconds(pause), held.Token);
                pause = worked || isCalled ? options.Value.PollMilliseconds : Math.Max(pause, Math.Min(pause * 2, options.Value.MaxPollMilliseconds));
            }
            catch (Exception e) when (e.IsCancelled(held.Token))
            {
                return;
            }
            catch (LeaseLostException)
            {
                await held.CancelAsync();
            }
            catch (Exception e) when (e.IsModuleMoved())
            {
                // Nothing has happened. Where the owner is another by now, or nobody for the moment, this ends.
                await LookAgainAsync();
                await WaitAsync(PauseWhileMoving, held.Token);
            }
            catch (Exception e)
            {
                // Nothing is lost: what was not committed is still in outbox or inbox.
                if (!paused)
                {
                    paused = true;
                    MessagingLog.Paused(logger, e, module.Name, worker, e.GetBaseException().Message);
                }

                await WaitAsync(PauseAfterFailure, held.Token);
            }
        }
    }

    /// <summary>
    /// The database may know more of the owner than this process; when it cannot be asked, for whatever reason, what was known
    /// stays. A worker that ended here would be missed by nobody for as long as the lease is renewed.
    /// </summary>
    private async Task LookAgainAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await store.RefreshAsync(module, limit.Token);
        }
        catch (Exception)
        {
            // The watch asks again.
        }
    }

    private async Task ReleaseAsync(HeldLease lease)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await leases.ReleaseAsync(lease, limit.Token);
        }
        catch (Exception)
        {
            // The lease expires by itself.
        }
    }

    private async Task WaitAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(duration, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The caller looks at the token.
        }
    }
}
