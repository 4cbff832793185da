using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;

namespace BuildingBlocks.Tests.Deployables;

/// <summary>What the data in the host's database is, by readings of it that may overtake each other.</summary>
public sealed class ReplicasTests
{
    private readonly TestClock _clock = new();
    private readonly Ownerships _ownerships = new(new Deployable(Deployable.Monolith));
    private readonly Replicas _replicas;

    public ReplicasTests() =>
        _replicas = new Replicas(_ownerships, new Deployable(Deployable.Monolith), Options.Create(new ServiceOptions()), Options.Create(new ReplicaOptions()), _clock);

    [Fact]
    public void Data_that_has_moved_away_never_looks_as_if_both_sides_shared_it()
    {
        // Begun before the other one, and answered after it.
        var (overtaken, late) = (new Reading(Epoch: 3, Began: 1, Ended: 2), new Reading(Epoch: 2, Began: 2, Ended: 2));
        Learn(late, new Ownership(Owner.Monolith, 2, IsFenced: true), replication: null);
        Learn(overtaken, new Ownership(Owner.Service, 3), Follows(ReplicationState.Running));
        _replicas.PlaceOf("Catalog").ShouldBe(DataPlace.Replica);
        Learn(late, new Ownership(Owner.Monolith, 2, IsFenced: true), replication: null);
        _replicas.PlaceOf("Catalog").ShouldBe(DataPlace.Replica);
    }

    [Fact]
    public void Of_one_epoch_the_reading_counts_that_has_begun_later()
    {
        Learn(new Reading(1, Began: 2, Ended: 2), new Ownership(Owner.Monolith, 1), Follows(ReplicationState.Running));
        Learn(new Reading(1, Began: 1, Ended: 2), new Ownership(Owner.Monolith, 1), replication: null);
        _replicas.Of("Catalog").ShouldNotBeNull();
        Learn(new Reading(1, Began: 3, Ended: 3), new Ownership(Owner.Monolith, 1), replication: null);
        _replicas.Of("Catalog").ShouldBeNull();
    }

    [Fact]
    public void What_a_cancelled_move_has_left_nothing_of_is_forgotten()
    {
        Learn(new Reading(5, Began: 1, Ended: 2), new Ownership(Owner.Monolith, 5), Follows(ReplicationState.Stopped));
        Learn(new Reading(1, Began: 2, Ended: 2), new Ownership(Owner.Monolith, 1), replication: null);
        _replicas.Of("Catalog").ShouldNotBeNull("it may have been read before");
        Learn(new Reading(1, Began: 3, Ended: 3), new Ownership(Owner.Monolith, 1), replication: null);
        _replicas.Of("Catalog").ShouldBeNull();
        Learn(new Reading(1, Began: 4, Ended: 4), new Ownership(Owner.Monolith, 1), Follows(ReplicationState.Copying));
        _replicas.Of("Catalog").ShouldNotBeNull("another move has begun").State.ShouldBe(ReplicationState.Copying);
    }

    [Fact]
    public void What_was_written_by_another_machine_s_clock_is_known_to_be_there_when_clocks_that_are_apart_allow_it()
    {
        Learn(new Reading(2, Began: 1, Ended: 1), new Ownership(Owner.Service, 2), Follows(ReplicationState.Running));
        var caughtUpAt = _replicas.Of("Catalog")!.CaughtUpAt;
        _replicas.MayAnswer("Catalog").ShouldBeTrue();
        _replicas.MayAnswer("Catalog", since: caughtUpAt).ShouldBeFalse();
        _replicas.MayAnswer("Catalog", since: caughtUpAt - Clocks.Skew).ShouldBeTrue();
    }

    [Fact]
    public void Data_may_be_as_far_behind_as_both_who_asks_and_who_answers_take()
    {
        Learn(new Reading(2, Began: 1, Ended: 1), new Ownership(Owner.Service, 2), Follows(ReplicationState.Running));
        _clock.Advance(TimeSpan.FromSeconds(4));
        _replicas.MayAnswer("Catalog").ShouldBeTrue();
        _replicas.MayAnswer("Catalog", longest: TimeSpan.FromSeconds(3)).ShouldBeFalse();
        _replicas.MayAnswer("Catalog", longest: TimeSpan.FromSeconds(60)).ShouldBeTrue();
        _clock.Advance(TimeSpan.FromSeconds(4));
        _replicas.MayAnswer("Catalog", longest: TimeSpan.FromSeconds(60)).ShouldBeFalse();
    }

    private Replication Follows(ReplicationState state) => new(state, _clock.GetUtcNow(), Reason: null);

    /// <summary>As a reading is taken note of.</summary>
    private void Learn(Reading reading, Ownership ownership, Replication? replication)
    {
        _replicas.Learn("Catalog", replication, reading);
        _ownerships.Learn("Catalog", ownership);
    }
}
