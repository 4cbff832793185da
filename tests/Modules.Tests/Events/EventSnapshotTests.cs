using System.Text.Json.Nodes;
using ModularShop.Contracts;
using ModularShop.Messaging;
using ModularShop.Messaging.Schemas;

namespace Modules.Tests.Events;

/// <summary>What somebody who changes a message is told, and what the command that writes snapshots does and refuses.</summary>
public sealed class EventSnapshotTests : IDisposable
{
    private const string Name = "Modules.Tests.ParcelSent";

    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-").FullName;

    private EventSnapshots Snapshots => new(_folder);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_new_message_wants_its_snapshot_written_by_the_one_command()
    {
        Check<First.ParcelSent>().ShouldNotBeNull().ShouldContain($"{Name}, version 1, is new and has no snapshot.");
        Check<First.ParcelSent>()!.ShouldContain(EventSnapshots.WriteCommand);
        Files().ShouldBeEmpty();

        Write<First.ParcelSent>().ShouldBeNull();

        Files().ShouldBe([$"{Name}.v1.json"]);
        File.ReadAllText(Path.Combine(_folder, $"{Name}.v1.json")).ShouldNotContain("\r");
        Check<First.ParcelSent>().ShouldBeNull();
    }

    [Fact]
    public void A_breaking_change_names_message_field_consumers_and_the_way_out_and_is_never_written()
    {
        Write<First.ParcelSent>();
        var before = Snapshot(1);

        var told = Check<Renamed.ParcelSent>(consumers: ["Ordering", "Payments"]);

        told.ShouldBe($"""

            {Name}, version 1, has changed so that its consumers break.
              - Field weight has been removed, or renamed to weightGrams, which is of the same type.
              Breaks: Ordering, Payments; and every such message that is still on its way.
              Way out: take the change back; or (docs/events.md)
                1. put [MessageVersion(2)] on ParcelSent,
                2. add an IUpcaster<ParcelSent> with From => 1 beside it,
                3. {EventSnapshots.WriteCommand}

            """.ReplaceLineEndings("\n"));
        Write<Renamed.ParcelSent>(consumers: ["Ordering", "Payments"]).ShouldBe(told);
        Snapshot(1).ShouldBe(before);
    }

    [Fact]
    public void A_consumer_that_has_gone_since_is_named_too()
    {
        Write<First.ParcelSent>(consumers: ["Invoicing"]);
        Check<Renamed.ParcelSent>(consumers: ["Ordering"]).ShouldNotBeNull().ShouldContain("Breaks: Invoicing, Ordering;");
    }

    [Fact]
    public void A_raised_version_gets_a_snapshot_of_its_own_and_the_old_one_stays()
    {
        Write<First.ParcelSent>();
        var before = Snapshot(1);
        Check<Second.ParcelSent>().ShouldNotBeNull().ShouldContain($"{Name}, version 2, is new and has no snapshot.");
        Write<Second.ParcelSent>().ShouldBeNull();
        Files().ShouldBe([$"{Name}.v1.json", $"{Name}.v2.json"]);
        Snapshot(1).ShouldBe(before);
        Check<Second.ParcelSent>().ShouldBeNull();
    }

    [Fact]
    public void An_optional_field_breaks_nobody_and_wants_the_snapshot_written_anew()
    {
        Write<First.ParcelSent>();
        var told = Check<Optional.ParcelSent>(consumers: ["Ordering"]).ShouldNotBeNull();
        told.ShouldContain($"{Name}, version 1, has changed.\n  - Field note is new and optional.\n  Handled by: Ordering\n");
        told.ShouldContain("What has changed breaks no consumer:");
        Write<Optional.ParcelSent>(consumers: ["Ordering"]).ShouldBeNull();
        Snapshot(1).ShouldContain("note");
    }

    [Fact]
    public void A_new_consumer_wants_the_snapshot_written_anew()
    {
        Write<First.ParcelSent>();
        Check<First.ParcelSent>(consumers: ["Ordering"]).ShouldNotBeNull().ShouldContain("Its publisher, its consumers or its order of fields.");
    }

    [Fact]
    public void A_message_that_is_gone_breaks_who_handled_it()
    {
        Write<First.ParcelSent>(consumers: ["Ordering"]);
        var told = Snapshots.Check([], write: true).ShouldNotBeNull();
        told.ShouldContain($"{Name} is no message any more, or has another name.\n  Breaks: Ordering;");
        told.ShouldContain($"then delete {Name}.v*.json.");
        Files().ShouldNotBeEmpty();
    }

    [Fact]
    public void Versions_only_rise_and_leave_no_gap()
    {
        Write<Second.ParcelSent>().ShouldNotBeNull().ShouldContain($"{Name}.v1.json is missing.");
        Check<First.ParcelSent>().ShouldNotBeNull().ShouldContain("versions only rise; put [MessageVersion(2)] back.");
    }

    [Fact]
    public void The_snapshot_of_a_version_that_is_no_longer_read_is_to_be_deleted()
    {
        Write<First.ParcelSent>();
        Write<Young.ParcelSent>().ShouldNotBeNull().ShouldContain($"{Name}.v1.json is the snapshot of a version that is no longer read: Oldest = 2.");
        File.Delete(Path.Combine(_folder, $"{Name}.v1.json"));
        Check<Young.ParcelSent>().ShouldBeNull();
    }

    [Fact]
    public void An_old_version_is_read_through_its_upcaster()
    {
        Write<First.ParcelSent>();
        Write<Second.ParcelSent>();
        UnreadableWith(new ParcelSentFrom1()).ShouldBeEmpty();
        var told = UnreadableWith(new ForgetfulParcelSentFrom1()).ShouldHaveSingleItem();
        told.ShouldContain($"{Name}, version 1: a message such as");
        told.ShouldContain("missing required properties including: 'weightGrams'");
    }

    [Fact]
    public void An_upcaster_that_does_not_know_every_old_value_is_found_out()
    {
        Write<First.ParcelSent>();
        Write<Second.ParcelSent>();
        UnreadableWith(new CarelessParcelSentFrom1()).ShouldHaveSingleItem().ShouldContain("\"speed\":\"slow\"");
    }

    private static IReadOnlyList<EventContract> Messages<TMessage>(params string[] consumers)
        where TMessage : IMessage => [new EventContract(Name, typeof(TMessage), "Shipping", consumers)];

    private string? Check<TMessage>(params string[] consumers)
        where TMessage : IMessage => Snapshots.Check(Messages<TMessage>(consumers), write: false);

    private string? Write<TMessage>(params string[] consumers)
        where TMessage : IMessage => Snapshots.Check(Messages<TMessage>(consumers), write: true);

    private IReadOnlyList<string> UnreadableWith(IUpcaster<IMessage> upcaster) =>
        Unreadable.Of(Snapshots, Messages<Second.ParcelSent>(), new MessageTypes([new Subscription("Ordering", typeof(Second.ParcelSent))], [upcaster]));

    private string Snapshot(int version) => File.ReadAllText(Path.Combine(_folder, $"{Name}.v{version}.json"));

    private IEnumerable<string?> Files() => Directory.EnumerateFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal);

    private enum Speed
    {
        Slow,
        Fast,
    }

    private enum NewSpeed
    {
        Standard,
        Fast,
    }

    private static class First
    {
        internal sealed record ParcelSent(Guid OrderId, int Weight, Speed Speed) : IIntegrationEvent;
    }

    private static class Renamed
    {
        internal sealed record ParcelSent(Guid OrderId, int WeightGrams, Speed Speed) : IIntegrationEvent;
    }

    private static class Optional
    {
        internal sealed record ParcelSent(Guid OrderId, int Weight, Speed Speed, string? Note = null) : IIntegrationEvent;
    }

    private static class Second
    {
        [MessageVersion(2)]
        internal sealed record ParcelSent(Guid OrderId, int WeightGrams, NewSpeed Speed) : IIntegrationEvent;
    }

    private static class Young
    {
        [MessageVersion(2, Oldest = 2)]
        internal sealed record ParcelSent(Guid OrderId, int WeightGrams, NewSpeed Speed) : IIntegrationEvent;
    }

    private sealed class ParcelSentFrom1 : IUpcaster<Second.ParcelSent>
    {
        public int From => 1;

        public void Upcast(JsonObject data)
        {
            data["weightGrams"] = data["weight"]!.DeepClone();
            data["speed"] = (string?)data["speed"] == "slow" ? "standard" : "fast";
        }
    }

    private sealed class ForgetfulParcelSentFrom1 : IUpcaster<Second.ParcelSent>
    {
        public int From => 1;

        public void Upcast(JsonObject data) => data["speed"] = "fast";
    }

    private sealed class CarelessParcelSentFrom1 : IUpcaster<Second.ParcelSent>
    {
        public int From => 1;

        public void Upcast(JsonObject data) => data["weightGrams"] = data["weight"]!.DeepClone();
    }
}
