using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace BuildingBlocks.Tests.Messaging;

/// <summary>Messages over HTTP, from one deployable into the inbox of a module of another.</summary>
public sealed class PeerDeliveryTests : WithDatabases
{
    private readonly Line _line = new();

    public static TheoryData<string> Wrongs => ["twice", "garbage", "other json", "too few", "failure", "refusal without sense", "closed", "never"];

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task An_answer_that_is_no_acknowledgment_loses_and_doubles_nothing(string wrong)
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var service = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        var wrongs = 0;
        _line.Faults["Receiver"] = (context, next) => Interlocked.Increment(ref wrongs) <= (wrong == "never" ? 1 : 3) ? AnswerWronglyAsync(context, next, wrong) : next(context);
        await monolith.SpeakAsync("ann", ann => ann.Say(3));
        await monolith.SpeakAsync("ann", ann => ann.Say(2));
        await service.HeardCountAsync(5);
        await Eventually.TrueAsync(async () => await monolith.OutboxAsync() == 0, "an empty outbox");
        (await service.HeardAsync()).Select(h => h.Number).ShouldBe([1, 2, 3, 4, 5]);
        wrongs.ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_full_inbox_at_the_other_side_holds_back_its_sender_and_nobody_else()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var service = await Host.StartAsync(
            Database, _line, "Receiver", ("Messaging:MaxPending", "100"), ("Messaging:BatchSize", "10"), ("Messaging:RetryMaxSeconds", "1"), ("Messaging:MaxAttempts", "100"));
        await monolith.MoveAsync("Receiver", Owner.Service);
        await monolith.SpeakAsync("ann", ann => ann.Say(1200, Behaviour.FailsUntilAllowed));
        await Eventually.TrueAsync(async () => await monolith.OverheardAsync() == 1200, "the bystander to hear everything");
        (await service.InboxAsync(InboxState.Pending)).Count.ShouldBeInRange(100, 1000);
        (await monolith.OutboxAsync()).ShouldBeGreaterThan(0);

        service.Listening.FailuresMaySucceed = true;
        await service.HeardCountAsync(1200);
        (await service.HeardAsync()).Select(h => h.Number).ShouldBe(Enumerable.Range(1, 1200));
    }

    [Fact]
    public async Task One_service_reaches_another_through_the_monolith_wherever_that_one_is_owned()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var sender = await Host.StartAsync(Database, _line, "Sender");
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Sender", Owner.Service);
        await Eventually.TrueAsync(() => Task.FromResult(sender.Processes("Sender")), "the sender's service to process");
        foreach (var (number, owner) in new[] { (1, Owner.Service), (2, Owner.Monolith), (3, Owner.Service) })
        {
            await monolith.MoveAsync("Receiver", owner);
            await sender.SpeakAsync("ann", ann => ann.Say(1));
            await receiver.HeardCountAsync(number);
        }

        (await receiver.HeardAsync()).Select(h => h.Number).ShouldBe([1, 2, 3]);
        await Eventually.TrueAsync(async () => await monolith.OverheardAsync() == 3, "the bystander in the monolith to hear it too");
        _line.Arrived["Monolith"].ShouldBeGreaterThanOrEqualTo(3);
        _line.Arrived["Receiver"].ShouldBeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task Who_does_not_own_the_module_says_who_does_and_takes_nothing()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var service = await Host.StartAsync(Database, _line, "Receiver");
        var refused = await PostAsync(monolith, "Receiver", "receiver", new MessageBatch(1, [Message(1)])).ShouldFailAsync(409, "messages.not_the_owner");
        refused["owner"]!.GetValue<string>().ShouldBe("Monolith");
        refused["epoch"]!.GetValue<long>().ShouldBe(1);

        // The sender is ahead: it is waited for, and then believed to be wrong.
        var waiting = PostAsync(monolith, "Receiver", "Receiver", new MessageBatch(2, [Message(1)])).ShouldBeAsync<BatchReceived>(200);
        await monolith.MoveAsync("Receiver", Owner.Service);
        (await waiting).Received.ShouldBe(1);
        (await PostAsync(monolith, "Receiver", "Receiver", new MessageBatch(9, [Message(1)])).ShouldBeAsync<BatchReceived>(200)).Received.ShouldBe(1);

        // Its own service believes that the monolith owns it: the monolith does not send it back in a circle.
        await PostAsync(service, Deployable.Monolith, "Receiver", new MessageBatch(1, [Message(2)])).ShouldFailAsync(409, "messages.not_the_owner");
    }

    [Fact]
    public async Task A_batch_that_holds_a_message_twice_is_taken_as_if_it_held_it_once()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var service = await Host.StartAsync(Database, _line, "Receiver");
        var (first, second) = (Message(1), Message(2));
        (await PostAsync(service, Deployable.Monolith, "Receiver", new MessageBatch(1, [first, first, second, first])).ShouldBeAsync<BatchReceived>(200)).Received.ShouldBe(4);
        (await PostAsync(service, Deployable.Monolith, "Receiver", new MessageBatch(1, [second, second])).ShouldBeAsync<BatchReceived>(200)).Received.ShouldBe(2);
        await monolith.HeardCountAsync(2);
        (await monolith.HeardAsync()).Select(h => h.Number).ShouldBe([1, 2]);
    }

    [Fact]
    public async Task What_is_no_batch_is_refused_and_who_is_no_peer_finds_nothing()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var service = await Host.StartAsync(Database, _line, "Receiver");
        await PostAsync(service, Deployable.Monolith, "Nobody", new MessageBatch(1, [Message(1)])).ShouldFailAsync(404, "messages.unknown_module");
        await PostAsync(service, Deployable.Monolith, "Receiver", new MessageBatch(1, [])).ShouldFailAsync(400, "request.invalid");
        await PostAsync(service, Deployable.Monolith, "Receiver", new MessageBatch(1, [.. Enumerable.Range(1, 501).Select(Message)])).ShouldFailAsync(400, "request.invalid");
        await PostAsync(service, Deployable.Monolith, "Receiver", new MessageBatch(1, [Message(1) with { Subject = new string('x', 201) }])).ShouldFailAsync(400, "request.invalid");
        await PostAsync(service, Deployable.Monolith, "Receiver", new MessageBatch(1, [Message(1) with { Data = "\0" }])).ShouldFailAsync(400, "request.invalid");
        foreach (var body in new[] { "", "null", "[]", "{\"messages\":[null]}", "{\"epoch\":1}", "not json" })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            await Client(service, Deployable.Monolith).PostAsync(new Uri("internal/messages/receiver", UriKind.Relative), content).ShouldFailAsync(400, "request.invalid");
        }

#pragma warning disable RS0030 // a test's client of a process of its own needs no factory
        using var outsider = new HttpClient { BaseAddress = monolith.Public };
#pragma warning restore RS0030
        (await outsider.PostAsJsonAsync(new Uri("internal/messages/receiver", UriKind.Relative), new MessageBatch(1, [Message(1)]))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await outsider.GetAsync(new Uri("internal/subscriptions", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await monolith.HeardAsync()).ShouldBeEmpty();
    }

    [Fact]
    public void A_delivery_is_cut_into_batches_that_a_receiver_takes()
    {
        var few = Enumerable.Range(1, 1234).Select(Message).ToList();
        MessageBatch.Cut(few).Select(b => b.Count).ShouldBe([500, 500, 234]);
        MessageBatch.Cut(few).SelectMany(b => b).ShouldBe(few);
        var large = Enumerable.Range(1, 5).Select(i => Message(i) with { Data = new string(' ', i == 3 ? 3_000_000 : 400_000) }).ToList();
        MessageBatch.Cut(large).Select(b => b.Count).ShouldBe([2, 1, 2]);
        MessageBatch.Cut([]).ShouldBeEmpty();
    }

    private static async Task AnswerWronglyAsync(HttpContext context, RequestDelegate next, string wrong)
    {
        switch (wrong)
        {
            case "twice":
                // Received, and the answer is lost.
                var answer = context.Response.Body;
                context.Response.Body = new MemoryStream();
                await next(context);
                context.Response.Body = answer;
                context.Abort();
                break;
            case "garbage":
                await context.Response.WriteAsync("<html>OK</html>");
                break;
            case "other json":
                await context.Response.WriteAsJsonAsync(new { status = "ok" });
                break;
            case "too few":
                await context.Response.WriteAsJsonAsync(new { module = "Receiver", received = 0 });
                break;
            case "failure":
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("at Some.Method()");
                break;
            case "refusal without sense":
                context.Response.StatusCode = 409;
                await context.Response.WriteAsJsonAsync(new { code = "messages.not_the_owner", owner = "Service", epoch = 1 });
                break;
            case "closed":
                context.Abort();
                break;
            case "never":
                var givenUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                await using (context.RequestAborted.Register(givenUp.SetResult))
                {
                    await givenUp.Task;
                }

                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(wrong), wrong, message: null);
        }
    }

    private static Envelope Message(int number) => new(
        Guid.CreateVersion7(), "Sender", "BuildingBlocks.Tests.Told", 1, "speaker/ann", new Sequence(number, 0), DateTimeOffset.UnixEpoch, null, $$"""{"who":"ann","number":{{number}},"behaviour":"fine"}""");

    private static HttpClient Client(Host from, string to) => from.Services.GetRequiredService<PeerClients>().For(to);

    private static Task<HttpResponseMessage> PostAsync(Host from, string to, string module, MessageBatch batch) =>
        Client(from, to).PostAsJsonAsync(new Uri($"internal/messages/{module}", UriKind.Relative), batch, MessageTypes.Json);
}
