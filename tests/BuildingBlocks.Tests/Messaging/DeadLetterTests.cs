using Microsoft.Extensions.DependencyInjection;

namespace BuildingBlocks.Tests.Messaging;

public sealed class DeadLetterTests : WithDatabases
{
    [Fact]
    public async Task A_dead_letter_is_listed_with_its_cause_shown_whole_and_handled_when_retried()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann => ann.Say(1, Behaviour.FailsUntilAllowed));
        var letter = await FirstAsync(host);
        letter.Cause.ShouldBe("System.InvalidOperationException: ann 1 is poison");
        letter.Type.ShouldBe("BuildingBlocks.Tests.Told");
        letter.Subject.ShouldBe("speaker/ann");
        var details = await WithAsync(host, async letters => (await letters.ShowAsync(Receiver(host), letter.Id, CancellationToken.None)).Value);
        details.Data.ShouldContain("\"who\":\"ann\"");
        details.Error.ShouldContain("HearTold");

        host.Listening.FailuresMaySucceed = true;
        (await WithAsync(host, letters => letters.RetryAsync(Receiver(host), letter.Id, force: false, CancellationToken.None))).Error.ShouldBeNull();
        await host.HeardCountAsync(1);
        (await WithAsync(host, letters => letters.RetryAsync(Receiver(host), letter.Id, force: false, CancellationToken.None))).Error!.Code
            .ShouldBe("messages.dead_letter_not_found");
    }

    [Fact]
    public async Task A_dead_letter_that_later_messages_have_passed_is_retried_only_by_force()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann =>
        {
            ann.Say(1, Behaviour.FailsUntilAllowed);
            ann.Say(1);
        });
        var letter = await FirstAsync(host);
        await host.HeardCountAsync(1);
        host.Listening.FailuresMaySucceed = true;
        (await WithAsync(host, letters => letters.RetryAsync(Receiver(host), letter.Id, force: false, CancellationToken.None))).Error!.Code
            .ShouldBe("messages.passed_by_later");
        (await WithAsync(host, letters => letters.RetryAsync(Receiver(host), letter.Id, force: true, CancellationToken.None))).Error.ShouldBeNull();
        await host.HeardCountAsync(2);
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task Dead_letters_of_one_cause_are_retried_at_once_but_for_those_that_later_messages_have_passed()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann => ann.Say(2, Behaviour.FailsUntilAllowed));
        await host.SpeakAsync("bob", bob =>
        {
            bob.Say(1, Behaviour.FailsUntilAllowed);
            bob.Say(1);
        });
        await Eventually.TrueAsync(async () => (await CausesAsync()).Sum(c => c.Count) == 3, "three dead letters");
        await host.HeardCountAsync(1);
        var causes = await CausesAsync();
        causes.Select(c => (c.Cause, c.Count)).ShouldBe(
            [
                ("System.InvalidOperationException: ann 1 is poison", 1), ("System.InvalidOperationException: ann 2 is poison", 1),
                ("System.InvalidOperationException: bob 1 is poison", 1),
            ],
            ignoreOrder: true);

        host.Listening.FailuresMaySucceed = true;
        (await RetryAsync(new RetryRequest(Cause: "System.InvalidOperationException: ann 1 is poison"))).ShouldBe(new RetryOutcome(1, 0));
        await host.HeardCountAsync(2);
        (await RetryAsync(new RetryRequest(Type: "BuildingBlocks.Tests.Told"))).ShouldBe(new RetryOutcome(1, 1));
        await host.HeardCountAsync(3);
        (await RetryAsync(new RetryRequest(Type: "BuildingBlocks.Tests.Told", Force: true))).ShouldBe(new RetryOutcome(1, 0));
        await host.HeardCountAsync(4);
        (await CausesAsync()).ShouldBeEmpty();

        Task<IReadOnlyList<DeadLetterCause>> CausesAsync() => WithAsync(host, letters => letters.CausesAsync(Receiver(host), CancellationToken.None));

        Task<RetryOutcome> RetryAsync(RetryRequest which) => WithAsync(host, letters => letters.RetryAllAsync(Receiver(host), which, CancellationToken.None));
    }

    [Fact]
    public async Task A_discarded_dead_letter_is_never_handled_and_says_why()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann => ann.Say(1, Behaviour.FailsUntilAllowed));
        var letter = await FirstAsync(host);
        (await WithAsync(host, letters => letters.DiscardAsync(Receiver(host), letter.Id, "Olive", "handled by hand", CancellationToken.None))).Error.ShouldBeNull();
        (await host.InboxAsync(InboxState.Discarded)).ShouldHaveSingleItem().LastError.ShouldNotBeNull().ShouldStartWith("Discarded by Olive: handled by hand");
        host.Listening.FailuresMaySucceed = true;
        await host.SpeakAsync("ann", ann => ann.Say(1));
        await host.HeardCountAsync(1);
        (await host.HeardAsync()).ShouldHaveSingleItem().Number.ShouldBe(2);
    }

    [Fact]
    public async Task Paging_through_dead_letters_shows_each_once()
    {
        await using var host = await Host.StartAsync(Database, settings: ("Messaging:MaxAttempts", "1"));
        for (var i = 0; i < 12; i++)
        {
            await host.SpeakAsync($"speaker {i}", speaker => speaker.Say(2, Behaviour.FailsUntilAllowed));
        }

        await Eventually.TrueAsync(async () => (await host.InboxAsync(InboxState.Dead)).Count == 24, "24 dead letters");
        var seen = new List<Guid>();
        DateTimeOffset? after = null;
        do
        {
            var page = await WithAsync(host, letters => letters.ListAsync(Receiver(host), null, null, after, 5, CancellationToken.None));
            seen.AddRange(page.Items.Select(l => l.Id));
            after = page.Next is { } next && ModularShop.Modularity.Http.Cursor.TryDecode<DateTimeOffset>(next, out var position) ? position : null;
        }
        while (after is not null);
        seen.Count.ShouldBe(24);
        seen.Distinct().Count().ShouldBe(24);
    }

    [Fact]
    public async Task Handled_messages_are_removed_after_the_retention_time_and_pending_and_dead_ones_are_not()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann => ann.Say(3));
        await host.SpeakAsync("bob", bob => bob.Say(1, Behaviour.FailsUntilAllowed));
        await host.HeardCountAsync(3);
        await FirstAsync(host);
        await PurgeAsync();
        (await host.InboxAsync(InboxState.Handled)).Count.ShouldBe(3);
        host.Clock.Advance(TimeSpan.FromDays(8));
        await PurgeAsync();
        (await host.InboxAsync(InboxState.Handled)).ShouldBeEmpty();
        (await host.InboxAsync(InboxState.Dead)).Count.ShouldBe(1);

        async Task PurgeAsync()
        {
            await using var scope = host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<PurgeInbox<Receiver.ReceiverDbContext>>().RunAsync(CancellationToken.None);
        }
    }

    private static Task<DeadLetter> FirstAsync(Host host) => Eventually.GetAsync(
        async () => (await WithAsync(host, letters => letters.ListAsync(Receiver(host), null, null, null, 10, CancellationToken.None))).Items.FirstOrDefault(), "a dead letter");

    private static LoadedModule Receiver(Host host) => host.Services.GetRequiredService<ModuleRegistry>()["Receiver"];

    private static async Task<T> WithAsync<T>(Host host, Func<DeadLetters, Task<T>> work)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<DeadLetters>());
    }
}
