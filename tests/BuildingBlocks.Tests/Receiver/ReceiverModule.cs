using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Apis;

namespace BuildingBlocks.Tests.Receiver;

internal sealed class ReceiverModule : IModule
{
    public string Name => "Receiver";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<ReceiverDbContext>().AddMessaging<ReceiverDbContext>().AddApi<IReceiverApi, ReceiverApi>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
    }
}

internal sealed class ReceiverDbContext(DbContextOptions<ReceiverDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "receiver";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Heard>(heard =>
        {
            heard.ToTable("heard");
            heard.HasKey(h => h.Id);
            heard.Property(h => h.Who).HasMaxLength(100);
        });
    }
}

/// <summary>One row per message handled; a message handled twice would be two rows.</summary>
internal sealed class Heard
{
    public Guid Id { get; init; }

    public required string Who { get; init; }

    public int Number { get; init; }

    public long Order { get; init; }

    public required string TraceId { get; init; }
}

internal sealed class HearTold(ReceiverDbContext db, Listening listening) : IMessageHandler<Told>
{
    public async Task Handle(Received<Told> notification, CancellationToken cancellationToken)
    {
        var (message, envelope) = notification;
        listening.Attempts.AddOrUpdate(envelope.Id, 1, static (_, count) => count + 1);
        db.Add(new Heard
        {
            Id = Guid.CreateVersion7(), Who = message.Who, Number = message.Number, Order = Listening.Next(), TraceId = Activity.Current!.TraceId.ToString(),
        });
        switch (message.Behaviour)
        {
            case Behaviour.FailsUntilAllowed when !listening.FailuresMaySucceed:
                throw new InvalidOperationException($"{message.Who} {message.Number} is poison");
            case Behaviour.TakesItsTime:
                using (var work = new PeriodicTimer(TimeSpan.FromMilliseconds(20)))
                {
                    await work.WaitForNextTickAsync(cancellationToken);
                }

                break;
            case Behaviour.LastsUntilAllowed:
                await listening.MayEnd.Task.WaitAsync(cancellationToken);
                break;
        }
    }
}

internal sealed class HearWhispered(ReceiverDbContext db) : IMessageHandler<Whispered>
{
    public Task Handle(Received<Whispered> notification, CancellationToken cancellationToken)
    {
        db.Add(new Heard { Id = Guid.CreateVersion7(), Who = notification.Message.Who, Order = Listening.Next(), TraceId = Activity.Current!.TraceId.ToString() });
        return Task.CompletedTask;
    }
}

internal sealed class HearAsked(ReceiverDbContext db) : IMessageHandler<Asked>
{
    public async Task Handle(Received<Asked> notification, CancellationToken cancellationToken)
    {
        var before = await db.Set<Heard>().CountAsync(cancellationToken);
        db.Add(new Heard { Id = Guid.CreateVersion7(), Who = "asked", Number = before, Order = Listening.Next(), TraceId = Activity.Current!.TraceId.ToString() });
    }
}

internal sealed class HearSung(ReceiverDbContext db) : IMessageHandler<Sung>
{
    public Task Handle(Received<Sung> notification, CancellationToken cancellationToken)
    {
        db.Add(new Heard
        {
            Id = Guid.CreateVersion7(), Who = notification.Message.Singer, Number = notification.Message.Verses, Order = Listening.Next(),
            TraceId = Activity.Current!.TraceId.ToString(),
        });
        return Task.CompletedTask;
    }
}

/// <summary>What the test knows of, and says to, the receiver's handlers.</summary>
internal sealed class Listening
{
    public ConcurrentDictionary<Guid, int> Attempts { get; } = new();

    public volatile bool FailuresMaySucceed;

    /// <summary>Completed by the test.</summary>
    public TaskCompletionSource MayEnd { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a question that is never answered has been given up here.</summary>
    public TaskCompletionSource GivenUp { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Rises from one call to the next, in all hosts of this machine.</summary>
    public static long Next() => Stopwatch.GetTimestamp();
}
