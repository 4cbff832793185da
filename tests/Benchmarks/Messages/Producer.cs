using Microsoft.AspNetCore.Routing;

namespace Benchmarks.Messages;

/// <summary>One of many things that happened to a source.</summary>
public sealed record Produced(int Number, DateTimeOffset At) : IIntegrationEvent;

internal sealed class ProducerModule : IModule
{
    public string Name => "Producer";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<ProducerDbContext>().AddMessaging<ProducerDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
    }
}

internal sealed class ProducerDbContext(DbContextOptions<ProducerDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "producer";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Source>(source =>
        {
            source.ToTable("sources");
            source.HasKey(s => s.Id);
        });
    }
}

internal sealed class Source : AggregateRoot
{
    public int Produced { get; private set; }

    public override string Subject => $"source/{Id}";

    public void Produce(int messages, DateTimeOffset at)
    {
        for (var i = 0; i < messages; i++)
        {
            Publish(new Produced(++Produced, at));
        }
    }
}
