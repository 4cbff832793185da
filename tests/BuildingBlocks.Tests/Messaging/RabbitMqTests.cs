using System.Text;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using RabbitMQ.Client;

namespace BuildingBlocks.Tests.Messaging;

/// <summary>Messages over a broker: the monolith and the receiver's service share its databases and the queues.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class RabbitMqTests : WithDatabases
{
    private const int Speakers = 8;

    private readonly Line _line = new();

    /// <summary>The tests share a broker, not its queues.</summary>
    private readonly string _prefix = $"t{Guid.CreateVersion7():N}";

    [RabbitMqFact]
    public async Task While_the_owner_changes_again_and_again_every_message_is_handled_once_and_in_order()
    {
        var broker = await RabbitMqServer.SharedAsync();
        await using var monolith = await StartAsync(broker, Deployable.Monolith);
        await using var service = await StartAsync(broker, "Receiver");
        var speaking = SpeakAsync(monolith, each: 40);
        for (var moves = 1; moves <= 6 || !speaking.IsCompleted; moves++)
        {
            var (owner, host) = moves % 2 == 1 ? (Owner.Service, service) : (Owner.Monolith, monolith);
            await monolith.MoveAsync("Receiver", owner);
            if (moves % 3 == 0)
            {
                await Eventually.TrueAsync(() => Task.FromResult(host.Processes("Receiver")), "the new owner to process");
            }
        }

        await speaking;
        await HeardOnceAndInOrderAsync(monolith, each: 40);
        await Eventually.TrueAsync(async () => await monolith.OverheardAsync() == Speakers * 40, "the bystander to hear it too");
        _line.Arrived.ShouldBeEmpty("nothing goes by another way");
    }

    [RabbitMqFact]
    public async Task A_broker_that_is_killed_and_comes_back_loses_and_doubles_nothing()
    {
        await using var broker = await RabbitMqServer.StartAsync();
        await using var monolith = await StartAsync(broker, Deployable.Monolith);
        var speaking = SpeakAsync(monolith, each: 15);
        await monolith.HeardCountAsync(20);
        await broker.KillAsync();
        await speaking;
        await SpeakAsync(monolith, each: 15);
        (await monolith.HeardAsync()).Count.ShouldBeLessThanOrEqualTo(Speakers * 15, "without the broker nothing comes");
        await broker.StartAgainAsync();
        await HeardOnceAndInOrderAsync(monolith, each: 30);
        await Eventually.TrueAsync(async () => await monolith.OutboxAsync() == 0, "an empty outbox");
    }

    [RabbitMqFact]
    public async Task What_cannot_be_read_is_put_aside_and_what_follows_is_handled()
    {
        var broker = await RabbitMqServer.SharedAsync();
        await using var monolith = await StartAsync(broker, Deployable.Monolith);
        await monolith.SpeakAsync("ann", ann => ann.Say(1));
        await monolith.HeardCountAsync(1);

        await using var channel = await monolith.Services.GetRequiredService<RabbitMqBroker>().OpenAsync("Receiver", confirms: true, CancellationToken.None);
        foreach (var nonsense in new[] { "not json", "null", "{}", "[]" })
        {
            await channel.BasicPublishAsync("", $"{_prefix}.receiver", Encoding.UTF8.GetBytes(nonsense));
        }

        await monolith.SpeakAsync("ann", ann => ann.Say(1));
        await monolith.HeardCountAsync(2);
        await Eventually.TrueAsync(async () => await channel.MessageCountAsync($"{_prefix}.dead-letters") == 4, "four messages put aside");
    }

    [RabbitMqFact]
    public async Task A_slow_subscriber_holds_back_its_senders()
    {
        var broker = await RabbitMqServer.SharedAsync();
        await using var monolith = await StartAsync(
            broker, Deployable.Monolith, ("Messaging:MaxPending", "100"), ("Messaging:BatchSize", "10"), ("Messaging:RabbitMq:Prefetch", "10"), ("Messaging:MaxAttempts", "100"));
        await monolith.SpeakAsync("ann", ann => ann.Say(600, Behaviour.FailsUntilAllowed));
        await Eventually.TrueAsync(async () => await monolith.OverheardAsync() == 600, "the bystander to hear everything", TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(async () => await monolith.OutboxAsync() <= 400, "a hundred to wait in the inbox, as many in the queue", TimeSpan.FromSeconds(60));
        (await monolith.OutboxAsync()).ShouldBeGreaterThanOrEqualTo(200, "give or take a delivery");
        monolith.Listening.FailuresMaySucceed = true;
        await Eventually.TrueAsync(async () => (await monolith.HeardAsync()).Count >= 600, "everything to be heard", TimeSpan.FromSeconds(60));
        (await monolith.HeardAsync()).Select(h => h.Number).ShouldBe(Enumerable.Range(1, 600));
    }

    [Fact]
    public void No_window_holds_two_messages_of_a_subject_and_each_subject_keeps_its_order()
    {
        var messages = new[] { "a1", "b1", "a2", "a3", "c1", "b2" }.Select(m => new Envelope(
            Guid.CreateVersion7(), "Sender", "Tests.Told", 1, m[..1], new Sequence(m[1] - '0', 0), DateTimeOffset.UnixEpoch, null, m)).ToList();
        RabbitMqTransport.Windows(messages, 2).Select(w => string.Join(' ', w.Select(m => m.Data))).ShouldBe(["a1 b1", "c1", "a2 b2", "a3"]);
        RabbitMqTransport.Windows(messages, 500).Select(w => string.Join(' ', w.Select(m => m.Data))).ShouldBe(["a1 b1 c1", "a2 b2", "a3"]);
    }

    [Theory]
    [InlineData("Messaging:Transport", "Pigeon", "Messaging:Transport")]
    [InlineData("Messaging:RabbitMq:Uri", "http://somewhere", "Messaging:RabbitMq:Uri")]
    [InlineData("Messaging:RabbitMq:Window", "0", "Messaging:RabbitMq:Window")]
    [InlineData("Messaging:RabbitMq:Prefetch", "70000", "Messaging:RabbitMq:Prefetch")]
    public async Task A_setting_that_cannot_be_stops_the_start_and_is_named(string key, string value, string named)
    {
        var failure = await Should.ThrowAsync<Exception>(async () => await (await Host.StartAsync(Database, settings: (key, value))).DisposeAsync());
        (failure is OptionsValidationException invalid ? string.Join(' ', invalid.Failures) : failure.ToString()).ShouldContain(named);
    }

    private Task<Host> StartAsync(RabbitMqServer broker, string deployable, params (string Key, string Value)[] settings) => Host.StartAsync(
        Database, _line, deployable,
        [("Messaging:Transport", "RabbitMq"), ("Messaging:RabbitMq:Uri", broker.Uri), ("Messaging:RabbitMq:Prefix", _prefix), ("Messaging:RetryMaxSeconds", "1"), .. settings]);

    private static Task SpeakAsync(Host host, int each) => Task.WhenAll(Enumerable.Range(0, Speakers).Select(async s =>
    {
        for (var i = 0; i < each; i++)
        {
            await host.SpeakAsync($"speaker {s}", speaker => speaker.Say(1));
        }
    }));

    private static async Task HeardOnceAndInOrderAsync(Host host, int each)
    {
        await Eventually.TrueAsync(async () => (await host.HeardAsync()).Count >= Speakers * each, "every message to be heard", TimeSpan.FromSeconds(90));
        var heard = await host.HeardAsync();
        heard.Count.ShouldBe(Speakers * each);
        foreach (var speaker in heard.GroupBy(h => h.Who, StringComparer.Ordinal))
        {
            speaker.Select(h => h.Number).ShouldBe(Enumerable.Range(1, each), speaker.Key);
        }
    }
}
