using System.Text.Json.Nodes;

namespace BuildingBlocks.Tests.Messaging;

[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class VersionTests : WithDatabases
{
    [Fact]
    public async Task A_message_of_any_version_reaches_its_handler_in_the_newest()
    {
        await using var host = await Host.StartAsync(Database);
        await DeliverAsync(host, 1, """{"who":"ann","song":"Greensleeves"}""");
        await DeliverAsync(host, 2, """{"singer":"bob","song":"Greensleeves"}""");
        await DeliverAsync(host, 3, """{"singer":"cid","song":"Greensleeves","verses":18}""");
        await host.SpeakAsync("dan", dan => dan.Sing("Greensleeves", 2));
        await host.HeardCountAsync(4);
        (await host.HeardAsync()).Select(h => (h.Who, h.Number)).Order().ShouldBe([("ann", 1), ("bob", 1), ("cid", 18), ("dan", 2)]);
        (await host.InboxAsync(InboxState.Handled)).Select(m => m.Version).Order().ShouldBe([1, 2, 3, 3]);
    }

    [Fact]
    public async Task Fields_that_the_record_does_not_know_are_ignored_in_every_version()
    {
        await using var host = await Host.StartAsync(Database);
        await DeliverAsync(host, 1, """{"who":"ann","song":"Greensleeves","choir":{"size":40}}""");
        await DeliverAsync(host, 3, """{"singer":"cid","song":"Greensleeves","verses":18,"choir":[]}""");
        await host.HeardCountAsync(2);
    }

    [Theory]
    [InlineData(4, """{"singer":"ann"}""", "BuildingBlocks.Tests.Sung came in version 4; this process reads versions 1 to 3. Deploy it with the contract of version 4")]
    [InlineData(0, """{"singer":"ann"}""", "BuildingBlocks.Tests.Sung came in version 0; this process reads versions 1 to 3.")]
    [InlineData(1, """{"song":"Greensleeves"}""", "SungFrom1 could not upcast BuildingBlocks.Tests.Sung from version 1")]
    [InlineData(2, "[]", "The data of BuildingBlocks.Tests.Sung is no JSON object.")]
    [InlineData(3, """{"singer":"ann","song":"Greensleeves"}""", "was missing required properties including: 'verses'")]
    [InlineData(3, """{"singer":null,"song":"Greensleeves","verses":1}""", "'Singer'")]
    public async Task A_message_that_cannot_be_read_becomes_a_dead_letter_that_says_why(int version, string data, string why)
    {
        await using var host = await Host.StartAsync(Database);
        await DeliverAsync(host, version, data);
        await host.SpeakAsync("bob", bob => bob.Say(1));
        await Eventually.TrueAsync(async () => (await host.InboxAsync(InboxState.Dead)).Count == 1, "the dead letter");
        var dead = (await host.InboxAsync(InboxState.Dead)).Single();
        dead.Attempts.ShouldBe(4);
        dead.LastError!.Split('\n')[0].ShouldContain(why);
        await host.HeardCountAsync(1);
    }

    [Fact]
    public async Task A_process_that_could_not_read_an_old_version_does_not_start()
    {
        var failure = await Should.ThrowAsync<StartException>(
            () => Host.StartAsync(Database, services => services.AddSingleton(new Subscription("Receiver", typeof(Gap)))));
        failure.Message.ShouldBe(
            "BuildingBlocks.Tests.Gap is in version 4, but nothing upcasts its version 2. Add a class that implements IUpcaster<Gap> with From => 2 to "
            + "BuildingBlocks.Tests; or, once no message of version 2 is left in any outbox or inbox, declare [MessageVersion(4, Oldest = 3)].");
    }

    [Fact]
    public void Every_fault_of_a_chain_is_told()
    {
        var problems = new UpcasterChain(typeof(Tangled), [new TangledFrom1(), new TangledOnceMoreFrom1(), new TangledFrom3()]).Problems().ToList();
        problems.Count.ShouldBe(3);
        problems[0].ShouldContain("nothing upcasts its version 2.");
        problems[1].ShouldBe("TangledFrom1 and TangledOnceMoreFrom1 both upcast BuildingBlocks.Tests.Tangled from version 1. Keep one.");
        problems[2].ShouldBe(
            "TangledFrom3 upcasts BuildingBlocks.Tests.Tangled from version 3, but the message is read in versions 1 to 3. Raise [MessageVersion], or delete the upcaster.");
        new UpcasterChain(typeof(Backwards), []).Problems().ShouldHaveSingleItem().ShouldContain("must be 1 <= Oldest <= version");
    }

    [Fact]
    public void Versions_before_the_oldest_need_no_upcaster_and_are_not_read()
    {
        var chain = new UpcasterChain(typeof(Young), [new YoungFrom2()]);
        chain.Problems().ShouldBeEmpty();
        chain.Upcast("{}", 2).ToJsonString().ShouldBe("""{"age":0}""");
        Should.Throw<UnknownMessageException>(() => chain.Upcast("{}", 1)).Message.ShouldBe(
            "BuildingBlocks.Tests.Young came in version 1; this process reads versions 2 to 3. Bring the upcasters of the older versions back and lower "
            + "[MessageVersion(3, Oldest = 2)], then retry the dead letters, or discard them.");
    }

    private static Task DeliverAsync(Host host, int version, string data) => host.Services.GetRequiredService<IMessageTransport>().DeliverAsync(
        "Receiver",
        [new Envelope(Guid.CreateVersion7(), "Sender", "BuildingBlocks.Tests.Sung", version, $"song/{version}", new Sequence(1, 0), host.Clock.GetUtcNow(), null, data)],
        CancellationToken.None);

    [MessageVersion(4)]
    private sealed record Gap : IIntegrationEvent;

    private sealed class GapFrom1 : IUpcaster<Gap>
    {
        public int From => 1;

        public void Upcast(JsonObject data) => data["x"] = 1;
    }

    private sealed class GapFrom3 : IUpcaster<Gap>
    {
        public int From => 3;

        public void Upcast(JsonObject data) => data["x"] = 1;
    }

    [MessageVersion(3)]
    private sealed record Tangled : IIntegrationEvent;

    private sealed class TangledFrom1 : IUpcaster<Tangled>
    {
        public int From => 1;

        public void Upcast(JsonObject data) => data["x"] = 1;
    }

    private sealed class TangledOnceMoreFrom1 : IUpcaster<Tangled>
    {
        public int From => 1;

        public void Upcast(JsonObject data) => data["x"] = 2;
    }

    private sealed class TangledFrom3 : IUpcaster<Tangled>
    {
        public int From => 3;

        public void Upcast(JsonObject data) => data["x"] = 3;
    }

    [MessageVersion(2, Oldest = 3)]
    private sealed record Backwards : IIntegrationEvent;

    [MessageVersion(3, Oldest = 2)]
    private sealed record Young(int Age) : IIntegrationEvent;

    private sealed class YoungFrom2 : IUpcaster<Young>
    {
        public int From => 2;

        public void Upcast(JsonObject data) => data["age"] = 0;
    }
}
