using System.Diagnostics;
using BuildingBlocks.Tests.Receiver;
using Microsoft.AspNetCore.Http;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace BuildingBlocks.Tests.Apis;

/// <summary>Questions to a module that is in this process, in another, or on its way.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class ModuleApiTests : WithDatabases
{
    private readonly Line _line = new();

    [Fact]
    public async Task The_owner_answers_wherever_it_and_the_one_who_asks_are()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await using var sender = await Host.StartAsync(Database, _line, "Sender");
        foreach (var owner in new[] { Owner.Monolith, Owner.Service, Owner.Monolith })
        {
            await monolith.MoveAsync("Receiver", owner);
            (await AskAsync(monolith)).ShouldBe(Deployable.Of("Receiver", owner));
            (await AskAsync(sender)).ShouldBe(Deployable.Of("Receiver", owner));
            await Eventually.TrueAsync(async () => await AskAsync(receiver) == Deployable.Of("Receiver", owner), "the service to hear of its owner");
        }

        _line.Asked.Keys.ShouldBe([Deployable.Monolith, "Receiver"], ignoreOrder: true);
    }

    [Fact]
    public async Task No_question_fails_while_the_owner_changes_again_and_again()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await using var sender = await Host.StartAsync(Database, _line, "Sender");
        using var stop = new CancellationTokenSource();
        var asking = new[] { monolith, sender, receiver, monolith }.Select(h => AskOnAsync(h, stop.Token)).ToList();
        for (var move = 0; move < 8; move++)
        {
            var owner = move % 2 == 0 ? Owner.Service : Owner.Monolith;
            // Whoever did not change it hears of it later: questions arrive at the wrong one.
            await (move % 4 < 2 ? monolith : receiver).MoveAsync("Receiver", owner);
            await Eventually.TrueAsync(async () => await AskAsync(monolith) == Deployable.Of("Receiver", owner) && await AskAsync(receiver) == Deployable.Of("Receiver", owner), "the new owner to answer all");
        }

        await stop.CancelAsync();
        var answers = (await Task.WhenAll(asking)).SelectMany(a => a).ToList();
        answers.Where(a => a is not (Deployable.Monolith or "Receiver")).ShouldBeEmpty();
        answers.Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Who_gets_no_answer_gives_up_when_its_time_is_over_and_so_does_the_one_who_was_asked()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith, ("Apis:TimeoutSeconds", "0.4"));
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        var waited = Stopwatch.StartNew();
        await FailsAsync(monolith, api => api.IsEverAnsweredAsync(CancellationToken.None), ModuleUnavailableException.TooSlow);
        waited.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.35));
        await receiver.Listening.GivenUp.Task.WaitAsync(Eventually.Patience);
    }

    [Fact]
    public async Task A_deadline_is_kept_at_the_other_end_even_where_nobody_hangs_up()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        (await AskAsync(monolith)).ShouldBe("Receiver");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("internal/apis/receiver/isEverAnswered", UriKind.Relative)) { Version = PeerClients.Version, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent("{}") };
        request.Headers.Add(PeerHeaders.TimeLeft, "200");
        request.Headers.Add(PeerHeaders.Epoch, "2");
        await monolith.Services.GetRequiredService<PeerClients>().For("Receiver").SendAsync(request).ShouldFailAsync(504, "module.too_late");
        receiver.Listening.GivenUp.Task.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_left_of_a_deadline_goes_from_process_to_process()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith, ("Apis:TimeoutSeconds", "30"));
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await using var sender = await Host.StartAsync(Database, _line, "Sender", ("Apis:TimeoutSeconds", "20"));
        await monolith.MoveAsync("Receiver", Owner.Service);
        var all = await sender.AskAsync(api => api.GetTimeLeftAsync(CancellationToken.None));
        all.ShouldNotBeNull().ShouldBeInRange(10_000, 20_000);
        var less = await Deadline.WithinAsync(TimeSpan.FromSeconds(5), token => sender.AskAsync(api => api.GetTimeLeftAsync(token)), CancellationToken.None);
        less.ShouldNotBeNull().ShouldBeInRange(1, 5000);
        Deadline.Left.ShouldBeNull();
    }

    [Fact]
    public async Task A_connection_that_breaks_is_tried_once_more_and_a_failure_is_not()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        var broken = 0;
        _line.Questions["Receiver"] = (context, next) =>
        {
            if (Interlocked.Increment(ref broken) > 1)
            {
                return next(context);
            }

            context.Abort();
            return Task.CompletedTask;
        };
        (await AskAsync(monolith)).ShouldBe("Receiver");
        broken.ShouldBe(2);

        _line.Asked.Clear();
        Wrongs.Fail(_line, "abort");
        await FailsAsync(monolith, "broken");
        _line.Asked["Receiver"].ShouldBe(2);

        _line.Asked.Clear();
        Wrongs.Fail(_line, "500");
        await FailsAsync(monolith, "status-500");
        _line.Asked["Receiver"].ShouldBe(1);
    }

    [Theory]
    [InlineData("garbage", "no-answer")]
    [InlineData("empty", "no-answer")]
    [InlineData("null", "no-answer")]
    [InlineData("other json", "no-answer")]
    [InlineData("endless", "too-large")]
    [InlineData("refusal without sense", "status-409")]
    [InlineData("refusal of the past", "not-owner")]
    public async Task What_is_no_answer_is_a_failure_that_names_the_module(string wrong, string reason)
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        Wrongs.Fail(_line, wrong);
        (await FailsAsync(monolith, reason)).Module.ShouldBe("Receiver");
    }

    [Fact]
    public async Task Who_fails_again_and_again_is_left_alone_and_asked_again_after_a_while()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        Wrongs.Fail(_line, "500");
        await Eventually.TrueAsync(async () => await ReasonAsync(monolith) == "circuit-open", "the circuit to open");
        _line.Asked.Clear();
        (await ReasonAsync(monolith)).ShouldBe("circuit-open");
        _line.Asked.ShouldBeEmpty();

        _line.Questions.Clear();
        monolith.Clock.Advance(TimeSpan.FromSeconds(3));
        (await AskAsync(monolith)).ShouldBe("Receiver");
    }

    [Fact]
    public async Task An_answer_that_may_be_stale_is_kept_for_as_long_as_that_and_asked_for_once()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        var first = await EstimateAsync("a");
        var asked = Stopwatch.StartNew();
        (await EstimateAsync("b")).ShouldNotBe(first);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EstimateAsync("c")));
        answers.Distinct().Count().ShouldBe(1);
        _line.Asked["Receiver"].ShouldBe(3);
        await Eventually.TrueAsync(async () => await EstimateAsync("a") != first, "a fresh answer");
        asked.Elapsed.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.7), "until then it was kept");

        // What is said of now is never kept.
        _line.Asked.Clear();
        await AskAsync(monolith);
        await AskAsync(monolith);
        _line.Asked["Receiver"].ShouldBe(2);

        Task<long> EstimateAsync(string what) => monolith.AskAsync(api => api.EstimateAsync(what, CancellationToken.None));
    }

    [Fact]
    public async Task A_failure_is_not_kept_and_who_gives_up_takes_the_answer_from_nobody()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        await monolith.MoveAsync("Receiver", Owner.Service);
        Wrongs.Fail(_line, "500");
        await FailsAsync(monolith, api => api.EstimateAsync("a", CancellationToken.None), "status-500");

        var (arrived, mayAnswer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _line.Questions["Receiver"] = async (context, next) =>
        {
            arrived.TrySetResult();
            await mayAnswer.Task;
            await next(context);
        };
        using var impatient = new CancellationTokenSource();
        var first = monolith.AskAsync(api => api.EstimateAsync("a", impatient.Token));
        await arrived.Task.WaitAsync(Eventually.Patience);
        var second = monolith.AskAsync(api => api.EstimateAsync("a", CancellationToken.None));
        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(first);
        mayAnswer.SetResult();
        (await second).ShouldBeGreaterThan(0);
    }

    private static async Task<string> AskAsync(Host host, string question = "?") => (await host.AskAsync(api => api.GetAnswererAsync(question, CancellationToken.None))).Deployable;

    private static async Task<List<string>> AskOnAsync(Host host, CancellationToken stop)
    {
        var answers = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            try
            {
                answers.Add(await AskAsync(host));
            }
            catch (ModuleUnavailableException e)
            {
                answers.Add(e.Message);
            }

            await Task.Yield();
        }

        return answers;
    }

    private static Task<ModuleUnavailableException> FailsAsync(Host host, string reason) => FailsAsync(host, api => api.GetAnswererAsync("?", CancellationToken.None), reason);

    private static async Task<ModuleUnavailableException> FailsAsync<T>(Host host, Func<IReceiverApi, Task<T>> question, string reason)
    {
        var failure = await Should.ThrowAsync<ModuleUnavailableException>(() => host.AskAsync(question));
        failure.Reason.ShouldBe(reason);
        return failure;
    }

    private static async Task<string> ReasonAsync(Host host) => (await Should.ThrowAsync<ModuleUnavailableException>(() => AskAsync(host))).Reason;
}
