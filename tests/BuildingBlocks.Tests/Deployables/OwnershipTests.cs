using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace BuildingBlocks.Tests.Deployables;

public sealed class OwnershipTests : WithDatabases
{
    [Fact]
    public async Task Until_somebody_changes_it_the_monolith_is_the_owner_in_epoch_1()
    {
        await using var host = await StartAsync();
        (await Store(host).ReadAsync(Receiver(host), CancellationToken.None)).ShouldBe(new OwnershipDetails("Receiver", Owner.Monolith, 1, Fenced: false, null, null, null));
        Known(host).ShouldBe(new Ownership(Owner.Monolith, 1));
        host.Services.GetRequiredService<Ownerships>().IsHere("Receiver").ShouldBeTrue();
    }

    [Fact]
    public async Task A_change_is_known_at_once_where_it_is_made_and_soon_everywhere_else()
    {
        await using var here = await StartAsync();
        await using var elsewhere = await StartAsync();
        var waiting = elsewhere.Services.GetRequiredService<Ownerships>().WaitAsync("receiver", o => o.Epoch >= 2, Eventually.Patience, CancellationToken.None);

        (await ChangeAsync(here, Owner.Service, expectedEpoch: 1)).Value.ShouldBe(new Ownership(Owner.Service, 2));
        Known(here).ShouldBe(new Ownership(Owner.Service, 2));
        here.Services.GetRequiredService<Ownerships>().IsHere("Receiver").ShouldBeFalse();
        (await waiting).ShouldBe(new Ownership(Owner.Service, 2));

        (await ChangeAsync(elsewhere, Owner.Monolith, expectedEpoch: 2)).Value.ShouldBe(new Ownership(Owner.Monolith, 3));
        await Eventually.TrueAsync(() => Task.FromResult(Known(here) == new Ownership(Owner.Monolith, 3)), "the first host to know");
        var read = await Store(here).ReadAsync(Receiver(here), CancellationToken.None);
        read.ShouldBe(new OwnershipDetails("Receiver", Owner.Monolith, 3, Fenced: false, read.ChangedAt, "tester", "to see it move"));
    }

    [Fact]
    public async Task A_change_decided_on_an_epoch_that_has_passed_is_refused_and_names_both()
    {
        await using var host = await StartAsync();
        (await ChangeAsync(host, Owner.Service, expectedEpoch: 1)).Error.ShouldBeNull();
        var refused = (await ChangeAsync(host, Owner.Monolith, expectedEpoch: 1)).Error.ShouldNotBeNull();
        refused.Code.ShouldBe("ownership.stale_epoch");
        refused.Status.ShouldBe(409);
        refused.Detail.ShouldContain("epoch 2");
        refused.Detail.ShouldContain("epoch 1");
        Known(host).ShouldBe(new Ownership(Owner.Service, 2));
    }

    [Fact]
    public async Task Of_many_who_change_the_same_epoch_one_succeeds()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        for (var epoch = 1; epoch <= 4; epoch++)
        {
            var to = epoch % 2 == 1 ? Owner.Service : Owner.Monolith;
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ChangeAsync(i % 2 == 0 ? first : second, to, epoch)));
            outcomes.Count(o => o.Error is null).ShouldBe(1);
            outcomes.Where(o => o.Error is not null).ShouldAllBe(o => o.Error!.Code == "ownership.stale_epoch");
        }
    }

    [Fact]
    public async Task Nobody_becomes_the_owner_whom_nobody_knows()
    {
        await using var host = await Host.StartAsync(Database);
        var refused = (await ChangeAsync(host, Owner.Service, expectedEpoch: 1)).Error.ShouldNotBeNull();
        refused.Code.ShouldBe("ownership.no_service");
        Known(host).ShouldBe(new Ownership(Owner.Monolith, 1));
    }

    [PostgreSqlFact]
    [Trait(RunOnly.Trait, RunOnly.Once)]
    public async Task On_postgresql_a_fence_and_what_is_followed_are_known_soon_and_keep_operators_away()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await IsFencedAndFollowsAsync(database);
    }

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Once)]
    public async Task On_sqlite_a_fence_and_what_is_followed_are_known_soon_and_keep_operators_away()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await IsFencedAndFollowsAsync(database);
    }

    private static async Task IsFencedAndFollowsAsync(TestDatabase database)
    {
        await using var host = await Host.StartAsync(database, services => services.Replace(ServiceDescriptor.Singleton<IPeerAddresses>(new EveryModuleHasAService())));
        var (fence, replicas) = (new Fence(database, "Receiver"), host.Services.GetRequiredService<Replicas>());
        replicas.PlaceOf("Receiver").ShouldBe(DataPlace.Owner);

        await fence.RaiseAsync();
        var ownerships = host.Services.GetRequiredService<Ownerships>();
        (await ownerships.WaitAsync("Receiver", o => o.IsFenced, Eventually.Patience, CancellationToken.None)).ShouldBe(new Ownership(Owner.Monolith, 2, IsFenced: true));
        (ownerships.IsHere("Receiver"), ownerships.IsOpenHere("Receiver")).ShouldBe((true, false));
        var refused = (await ChangeAsync(host, Owner.Service, expectedEpoch: 2)).Error.ShouldNotBeNull();
        (refused.Code, refused.Status).ShouldBe(("ownership.moving", 409));
        refused.Detail.ShouldContain("./shop move switch-traffic receiver");

        // Given away, and followed from here: never one without the other.
        (await fence.GiveAwayAsync(Owner.Service)).ShouldBe(3);
        await Store(host).RefreshAsync(Receiver(host), CancellationToken.None);
        Known(host).ShouldBe(new Ownership(Owner.Service, 3));
        replicas.PlaceOf("Receiver").ShouldBe(DataPlace.Replica);
        replicas.MayAnswer("Receiver").ShouldBeTrue();
        replicas.MayAnswer("Receiver", since: host.Clock.GetUtcNow().AddMinutes(1)).ShouldBeFalse("that was written later");
        replicas.LagOf("Receiver").ShouldNotBeNull().ShouldBeLessThan(TimeSpan.FromSeconds(5));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        replicas.MayAnswer("Receiver").ShouldBeFalse("it is too far behind");
        (await ChangeAsync(host, Owner.Monolith, expectedEpoch: 3)).Error.ShouldNotBeNull().Code.ShouldBe("ownership.moving");

        await fence.TakeOverAsync(Owner.Monolith, epoch: 4);
        await fence.FollowAsync(ReplicationState.Retired, caughtUpAt: null);
        await Store(host).RefreshAsync(Receiver(host), CancellationToken.None);
        replicas.MayAnswer("Receiver").ShouldBeFalse("what is gone is gone, whoever the owner is");
    }

    [Theory]
    [Trait(RunOnly.Trait, RunOnly.Once)]
    [InlineData(Owner.Monolith)]
    [InlineData(Owner.Service)]
    public async Task Beside_the_owner_a_database_that_was_brought_back_is_neither_written_nor_read(Owner old)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var own = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        var line = new Line();
        await using var monolith = await Host.StartAsync(database, line, Deployable.Monolith);
        await using var service = await Host.StartAsync(own, line, "Receiver", ("Service:Data", "Own"));
        var (stale, sound) = old is Owner.Monolith ? (monolith, service) : (service, monolith);
        // Each side's own, as if both were right.
        await new Fence(database, "Receiver").TakeOverAsync(Owner.Monolith, old is Owner.Monolith ? 3 : 8);
        await new Fence(own, "Receiver").TakeOverAsync(Owner.Service, old is Owner.Monolith ? 8 : 3);

        await Eventually.TrueAsync(() => Task.FromResult(!stale.Services.GetRequiredService<Ownerships>().IsHere("Receiver")), "the older one to be known for what it is");
        stale.Services.GetRequiredService<Replicas>().MayAnswer("Receiver").ShouldBeFalse();
        await Eventually.TrueAsync(() => Task.FromResult(!stale.Processes("Receiver") && sound.Processes("Receiver")), "the other one alone to process");
        sound.Services.GetRequiredService<Ownerships>().IsHere("Receiver").ShouldBeTrue();
    }

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Once)]
    public async Task Who_waits_for_what_does_not_come_gets_what_is_known()
    {
        var ownerships = new Ownerships(new Deployable(Deployable.Monolith));
        (await ownerships.WaitAsync("Receiver", o => o.Epoch > 1, TimeSpan.FromMilliseconds(50), CancellationToken.None)).ShouldBe(new Ownership(Owner.Monolith, 1));
        using var stop = new CancellationTokenSource();
        var waiting = ownerships.WaitAsync("Receiver", o => o.Epoch > 2, Timeout.InfiniteTimeSpan, stop.Token);
        ownerships.Learn("Receiver", new Ownership(Owner.Service, 2));
        waiting.IsCompleted.ShouldBeFalse();
        ownerships.Learn("RECEIVER", new Ownership(Owner.Monolith, 3));
        (await waiting).Epoch.ShouldBe(3);
        ownerships.Learn("Receiver", new Ownership(Owner.Service, 2));
        ownerships.Of("receiver").ShouldBe(new Ownership(Owner.Monolith, 3));
    }

    private Task<Host> StartAsync() => Host.StartAsync(Database, services => services.Replace(ServiceDescriptor.Singleton<IPeerAddresses>(new EveryModuleHasAService())));

    private static OwnershipStore Store(Host host) => host.Services.GetRequiredService<OwnershipStore>();

    private static LoadedModule Receiver(Host host) => host.Services.GetRequiredService<ModuleRegistry>()["Receiver"];

    private static Ownership Known(Host host) => host.Services.GetRequiredService<Ownerships>().Of("Receiver");

    private static Task<Result<Ownership>> ChangeAsync(Host host, Owner to, long expectedEpoch) =>
        Store(host).ChangeAsync(Receiver(host), to, expectedEpoch, "tester", "to see it move", CancellationToken.None);

    private sealed class EveryModuleHasAService : IPeerAddresses
    {
        public Uri Of(string deployable) => new("http://127.0.0.1:1");
    }
}
