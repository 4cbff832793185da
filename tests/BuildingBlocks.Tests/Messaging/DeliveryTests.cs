using System.Data.Common;
using System.Diagnostics;
using BuildingBlocks.Tests.Sender;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace BuildingBlocks.Tests.Messaging;

public sealed class DeliveryTests : WithDatabases
{
    [Fact]
    public async Task A_committed_message_reaches_every_subscriber_once()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann => ann.Say(3));
        await host.HeardCountAsync(3);
        await Eventually.TrueAsync(async () => await host.OverheardAsync() == 3, "the bystander to hear it too");
        await Eventually.TrueAsync(async () => await host.OutboxAsync() == 0, "an empty outbox");
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_message_goes_to_the_modules_that_handle_it_and_no_others()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann =>
        {
            ann.Whisper();
            ann.SayNothingOfInterest();
            ann.Say(1);
        });
        await host.HeardCountAsync(2);
        await Eventually.TrueAsync(async () => await host.OverheardAsync() == 1, "the bystander to hear what was said aloud");
        (await host.OutboxAsync()).ShouldBe(0);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task A_save_that_loses_a_race_and_is_done_again_publishes_its_messages_once(int messages)
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann => ann.Say(1));
        var runs = host.Services.GetRequiredService<SpeakHandler.Runs>();
        runs.BeforeSave = async () =>
        {
            runs.BeforeSave = () => Task.CompletedTask;
            await host.SpeakAsync("ann", ann => ann.Say(1));
        };
        (await host.SendAsync(new Speak("ann", messages))).Value.ShouldBe(messages + 2);
        runs.Count.ShouldBe(2);
        // What the lost save left behind must not be found by those that use its context after it.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => host.SpeakAsync($"bob {i}", bob => bob.Say(1))));
        await host.HeardCountAsync(messages + 12);
        await Eventually.TrueAsync(async () => await host.OutboxAsync() == 0, "an empty outbox");
        (await host.HeardAsync()).Where(h => h.Who == "ann").Select(h => h.Number).ShouldBe(Enumerable.Range(1, messages + 2));
    }

    [Fact]
    public async Task A_delivery_that_the_database_gives_up_for_another_s_sake_is_made_again_and_is_no_failure()
    {
        var deadlocks = new Deadlocks();
        await using var host = await Host.BuildAsync(Database, services => services.AddKeyedSingleton<IInterceptor>("Receiver", deadlocks));
        var message = new Envelope(Guid.CreateVersion7(), "Sender", "Sender.Told", 1, "speaker/ann", new Sequence(1, 0), host.Clock.GetUtcNow(), null, "{}");
        deadlocks.Left = 4;
        await host.Services.GetRequiredService<InProcessTransport>().DeliverAsync("Receiver", [message], CancellationToken.None);
        (await host.InboxAsync(InboxState.Pending)).ShouldHaveSingleItem().MessageId.ShouldBe(message.Id);

        deadlocks.Left = 5;
        (await Should.ThrowAsync<PostgresException>(() => host.Services.GetRequiredService<InProcessTransport>().DeliverAsync("Receiver", [message], CancellationToken.None)))
            .IsDeadlock().ShouldBeTrue();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(50)]
    public async Task What_is_not_committed_is_not_published(int messages)
    {
        await using var host = await Host.StartAsync(Database);
        (await host.SendAsync(new Speak("ann", messages, Refuse: true))).Error!.Code.ShouldBe("speak.refused");
        await host.InSenderAsync(async db =>
        {
            await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
            var bob = new Speaker { Name = "bob" };
            bob.Say(messages);
            db.Add(bob);
            return await db.SaveChangesAsync(); // and no commit
        });
        await host.InSenderAsync(async db =>
        {
            var (first, second) = (new Speaker { Name = "dan" }, new Speaker { Name = "dan" });
            first.Say(messages);
            db.AddRange(first, second);
            await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync()); // their name is unique
            db.Database.CurrentTransaction.ShouldBeNull();
            return true;
        });
        await host.SpeakAsync("cid", cid => cid.Say(1));
        await host.HeardCountAsync(1);
        (await host.HeardAsync()).ShouldHaveSingleItem().Who.ShouldBe("cid");
        (await host.OutboxAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_message_delivered_twice_is_handled_once()
    {
        // The transport delivers and then fails, as when the process dies before the outbox row is deleted.
        await using var host = await Host.StartAsync(Database, services => services.Replace(ServiceDescriptor.Singleton<IMessageTransport>(
            p => new FailsAfterDelivery(ActivatorUtilities.CreateInstance<InProcessTransport>(p), failures: 3))));
        await host.SpeakAsync("ann", ann => ann.Say(5));
        await host.HeardCountAsync(5);
        await Eventually.TrueAsync(async () => await host.OutboxAsync() == 0, "an empty outbox");
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe([1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task A_subscriber_that_cannot_be_reached_holds_up_nobody_else_and_loses_nothing()
    {
        var transport = new RefusesOne("Receiver");
        await using var host = await Host.StartAsync(Database, services => services.Replace(ServiceDescriptor.Singleton<IMessageTransport>(p =>
        {
            transport.Inner = ActivatorUtilities.CreateInstance<InProcessTransport>(p);
            return transport;
        })));
        await host.SpeakAsync("ann", ann => ann.Say(2));
        await Eventually.TrueAsync(async () => await host.OverheardAsync() == 2, "the bystander to hear it");
        (await host.HeardAsync()).ShouldBeEmpty();
        transport.Refuses = null;
        await host.HeardCountAsync(2);
        (await host.OverheardAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_published_while_nobody_processed_is_delivered_after_a_restart()
    {
        await using (var stopped = await Host.BuildAsync(Database))
        {
            await stopped.SpeakAsync("ann", ann => ann.Say(250));
        }

        await using var host = await Host.StartAsync(Database);
        await host.HeardCountAsync(250);
        (await host.HeardAsync()).Select(h => h.Number).ShouldBe(Enumerable.Range(1, 250));
    }

    [Fact]
    public async Task One_trace_goes_through_every_module_a_message_reaches()
    {
        await using var host = await Host.StartAsync(Database);
        using var request = new Activity("request").Start();
        await host.SpeakAsync("ann", ann => ann.Say(1));
        await host.HeardCountAsync(1);
        (await host.HeardAsync())[0].TraceId.ShouldBe(request.TraceId.ToString());
    }

    [Fact]
    public async Task A_timeout_comes_back_when_it_is_due_and_not_before()
    {
        await using var host = await Host.StartAsync(Database);
        await host.SpeakAsync("ann", ann =>
        {
            ann.RemindAt(host.Clock.GetUtcNow().AddMinutes(5));
            ann.Say(1);
        });
        await host.HeardCountAsync(1);
        (await RemindedAsync()).ShouldBeFalse();
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await Eventually.TrueAsync(RemindedAsync, "the reminder");

        Task<bool> RemindedAsync() => host.InSenderAsync(db => db.Set<Speaker>().AnyAsync(s => s.WasReminded));
    }

    private sealed class FailsAfterDelivery(IMessageTransport inner, int failures) : IMessageTransport
    {
        private int _failures = failures;

        public async Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken)
        {
            await inner.DeliverAsync(subscriber, messages, cancellationToken);
            if (Interlocked.Decrement(ref _failures) >= 0)
            {
                throw new IOException("The connection broke before the answer came.");
            }
        }
    }

    private sealed class RefusesOne(string subscriber) : IMessageTransport
    {
        public IMessageTransport Inner { get; set; } = null!;

        public volatile string? Refuses = subscriber;

        public Task DeliverAsync(string subscriber, IReadOnlyList<Envelope> messages, CancellationToken cancellationToken) => subscriber == Refuses
            ? throw new IOException($"{subscriber} cannot be reached.")
            : Inner.DeliverAsync(subscriber, messages, cancellationToken);
    }

    private sealed class Deadlocks : DbTransactionInterceptor
    {
        public int Left { get; set; }

        public override ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default) =>
            Left-- > 0 ? throw new PostgresException("no", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected) : ValueTask.FromResult(result);
    }
}
