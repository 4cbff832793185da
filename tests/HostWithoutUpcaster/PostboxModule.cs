using Microsoft.EntityFrameworkCore;
using ModularShop.Contracts;
using ModularShop.Messaging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace HostWithoutUpcaster;

internal sealed class PostboxModule : IModule
{
    public string Name => "Postbox";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<PostboxDbContext>().AddMessaging<PostboxDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
    }
}

internal sealed class PostboxDbContext(DbContextOptions<PostboxDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "postbox";

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.AddMessaging();
    }
}

[MessageVersion(2)]
internal sealed record LetterPosted(string Address, string Country) : IIntegrationEvent;

internal sealed class SortLetter : IMessageHandler<LetterPosted>
{
    public Task Handle(Received<LetterPosted> notification, CancellationToken cancellationToken) => Task.CompletedTask;
}
