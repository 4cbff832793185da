using Microsoft.AspNetCore.Routing;

namespace BuildingBlocks.Tests.Bystander;

/// <summary>Takes one of the receiver's two messages, into tables of its own.</summary>
internal sealed class BystanderModule : IModule
{
    public string Name => "Bystander";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<BystanderDbContext>().AddMessaging<BystanderDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
    }
}

internal sealed class BystanderDbContext(DbContextOptions<BystanderDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "bystander";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Overheard>(o => o.ToTable("overheard"));
    }
}

internal sealed class Overheard
{
    public Guid Id { get; init; }

    public int Number { get; init; }
}

internal sealed class OverhearTold(BystanderDbContext db) : IMessageHandler<Told>
{
    public Task Handle(Received<Told> notification, CancellationToken cancellationToken)
    {
        db.Add(new Overheard { Id = Guid.CreateVersion7(), Number = notification.Message.Number });
        return Task.CompletedTask;
    }
}
