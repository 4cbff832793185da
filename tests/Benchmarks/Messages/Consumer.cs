using Microsoft.AspNetCore.Routing;

namespace Benchmarks.Messages;

internal sealed class ConsumerModule : IModule
{
    public string Name => "Consumer";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<ConsumerDbContext>().AddMessaging<ConsumerDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
    }
}

internal sealed class ConsumerDbContext(DbContextOptions<ConsumerDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "consumer";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Consumed>(consumed =>
        {
            consumed.ToTable("consumed");
            consumed.HasKey(c => c.Id);
            consumed.Property(c => c.Subject).HasMaxLength(100);
        });
    }
}

/// <summary>The row each message leaves.</summary>
internal sealed class Consumed
{
    public Guid Id { get; init; }

    public required string Subject { get; init; }

    public int Number { get; init; }
}

internal sealed class Consume(ConsumerDbContext db, Arrivals arrivals) : IMessageHandler<Produced>
{
    public Task Handle(Received<Produced> notification, CancellationToken cancellationToken)
    {
        db.Add(new Consumed { Id = Guid.CreateVersion7(), Subject = notification.Envelope.Subject, Number = notification.Message.Number });
        arrivals.Add(notification.Message.At);
        return Task.CompletedTask;
    }
}

/// <summary>Latencies, as the handler sees them; the commit behind it is in the figures of the batch after it.</summary>
internal sealed class Arrivals
{
    private readonly List<double> _milliseconds = [];

    public void Add(DateTimeOffset at)
    {
        lock (_milliseconds)
        {
            _milliseconds.Add((TimeProvider.System.GetUtcNow() - at).TotalMilliseconds);
        }
    }

    public double[] Take()
    {
        lock (_milliseconds)
        {
            double[] taken = [.. _milliseconds];
            _milliseconds.Clear();
            return taken;
        }
    }
}
