using System.Data.Common;
using System.Diagnostics;
using BuildingBlocks.Tests.Receiver;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace BuildingBlocks.Tests.Messaging;

public sealed class LeaseTests : WithDatabases
{
    /// <remarks>Its lease is given back, not waited for.</remarks>
    [Fact]
    public async Task Of_two_hosts_on_one_database_one_processes_and_the_other_takes_over_when_it_stops()
    {
        var longLease = ("Messaging:LeaseSeconds", "60");
        await using var first = await Host.StartAsync(Database, null, longLease);
        await Eventually.TrueAsync(() => Task.FromResult(Processes(first)), "the first host to process");
        await using var second = await Host.StartAsync(Database, null, longLease);
        await second.SpeakAsync("ann", ann => ann.Say(5));
        await first.HeardCountAsync(5);
        Processes(second).ShouldBeFalse();
        second.Listening.Attempts.ShouldBeEmpty();

        await first.StopAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Processes(second)), "the second host to take over, long before the lease would have ended", TimeSpan.FromSeconds(30));
        await second.SpeakAsync("ann", ann => ann.Say(5));
        await second.HeardCountAsync(10);
        (await second.HeardAsync()).Select(h => h.Number).ShouldBe(Enumerable.Range(1, 10));
    }

    [Fact]
    public async Task A_holder_that_slept_through_its_lease_commits_nothing()
    {
        await using var host = await Host.BuildAsync(Database);
        var leases = host.Services.GetRequiredKeyedService<LeaseStore>("Receiver");
        var stale = (await leases.AcquireAsync("sleeper", TimeSpan.Zero, CancellationToken.None)).ShouldNotBeNull();
        HeldLease? successor = null;
        await Eventually.TrueAsync(async () => (successor = await leases.AcquireAsync("successor", TimeSpan.FromMinutes(1), CancellationToken.None)) is not null, "the lease to expire");
        successor!.Token.ShouldBe(stale.Token + 1);

        await Should.ThrowAsync<LeaseLostException>(() => WriteAsync(stale));
        await WriteAsync(successor);
        (await leases.AcquireAsync("sleeper", TimeSpan.FromMinutes(1), CancellationToken.None)).ShouldBeNull();
        (await host.HeardAsync()).ShouldHaveSingleItem().Who.ShouldBe("successor");

        Task<int> WriteAsync(HeldLease lease) => host.InReceiverAsync(async db =>
        {
            await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
            db.Add(new Heard { Id = Guid.CreateVersion7(), Who = lease.Holder, TraceId = "" });
            var saved = await db.SaveChangesAsync();
            await lease.AssertHeldAsync(db, CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            return saved;
        });
    }

    [Fact]
    public async Task Two_processors_that_both_believe_they_are_elected_handle_nothing_twice()
    {
        await using var first = await Host.BuildAsync(Database);
        await using var second = await Host.BuildAsync(Database);
        await first.SpeakAsync("ann", ann => ann.Say(50));
        var lease = (await first.Services.GetRequiredKeyedService<LeaseStore>("Sender").AcquireAsync("same", TimeSpan.FromMinutes(1), CancellationToken.None))!;
        await first.Services.GetRequiredKeyedService<LeaseStore>("Receiver").AcquireAsync("same", TimeSpan.FromMinutes(1), CancellationToken.None);
        await Task.WhenAll(WorkAsync(first), WorkAsync(second));
        (await first.HeardAsync()).Select(h => h.Number).ShouldBe(Enumerable.Range(1, 50));

        async Task WorkAsync(Host host)
        {
            foreach (var worker in host.Services.GetKeyedServices<IModuleWorker>("Sender").Concat(host.Services.GetKeyedServices<IModuleWorker>("Receiver")))
            {
                while (await worker.RunOnceAsync(lease, CancellationToken.None))
                {
                    // Until there is nothing left.
                }
            }
        }
    }

    [Fact]
    public async Task A_message_that_takes_longer_than_the_lease_does_not_cost_the_lease()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann => ann.Say(1, Behaviour.LastsUntilAllowed));
        await Eventually.TrueAsync(() => Task.FromResult(!host.Listening.Attempts.IsEmpty), "the message to be handled");
        var taken = Stopwatch.StartNew();
        await Eventually.TrueAsync(() => Task.FromResult(taken.Elapsed > TimeSpan.FromSeconds(2)), "twice the lease to pass");
        host.Listening.MayEnd.SetResult();
        await host.HeardCountAsync(1);
        host.Listening.Attempts.Values.ShouldBe([1]);
    }

    [Fact]
    public async Task Whatever_keeps_it_from_looking_who_owns_the_data_a_worker_goes_on()
    {
        var door = new Door();
        var worker = new Refused(door);
        await using var host = await Host.StartAsync(
            Database,
            services =>
            {
                services.AddKeyedSingleton<IModuleWorker>("Receiver", worker);
                services.AddKeyedSingleton<IInterceptor>("Receiver", door);
            },
            ("Messaging:LeaseSeconds", "60"));
        await Eventually.TrueAsync(() => Task.FromResult(worker.Runs > 0), "the worker to run");

        door.IsShut = true;
        var before = worker.Runs;
        await Eventually.TrueAsync(() => Task.FromResult(worker.Runs > before + 2), "the worker to run again, behind a look that failed");
        door.IsShut = false;
        await host.SpeakAsync("ann", ann => ann.Say(1));
        await host.HeardCountAsync(1);
    }

    private static bool Processes(Host host) => host.Services.GetRequiredKeyedService<ModuleProcessor>("Sender").Lease is not null
        && host.Services.GetRequiredKeyedService<ModuleProcessor>("Receiver").Lease is not null;

    /// <summary>While it is shut, the module's database fails in a way that nobody expected.</summary>
    private sealed class Door : DbConnectionInterceptor
    {
        public volatile bool IsShut;

        public override ValueTask<InterceptionResult> ConnectionOpeningAsync(
            DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            IsShut ? throw new InvalidOperationException("what nobody expected") : ValueTask.FromResult(result);
    }

    /// <summary>Finds, while the door is shut, that its writes are refused.</summary>
    private sealed class Refused(Door door) : IModuleWorker
    {
        private volatile int _runs;

        public int Runs => _runs;

        public Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _runs);
            return door.IsShut ? throw new SqliteException("MODULE_MOVED", 19) : Task.FromResult(false);
        }
    }
}
