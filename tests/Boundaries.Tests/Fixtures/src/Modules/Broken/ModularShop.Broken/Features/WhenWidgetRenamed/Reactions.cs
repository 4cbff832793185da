using ModularShop.Broken.Infrastructure;
using ModularShop.Neighbour.Contracts;

namespace ModularShop.Broken.Features.WhenWidgetRenamed;

internal sealed class SaveItself(BrokenDbContext database) : IMessageHandler<WidgetRenamed>
{
    public async Task Handle(Received<WidgetRenamed> notification, CancellationToken cancellationToken) => await database.SaveChangesAsync(cancellationToken);
}

internal sealed class BeginItself(BrokenDbContext database) : IMessageHandler<WidgetRenamed>
{
    public async Task Handle(Received<WidgetRenamed> notification, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginWriteAsync(cancellationToken);
    }
}

internal sealed class SendACommand(IMediator mediator) : IMessageHandler<WidgetRenamed>
{
    public Task Handle(Received<WidgetRenamed> notification, CancellationToken cancellationToken) => mediator.Send(new RenameGadgets(), cancellationToken);
}

internal sealed record RenameGadgets : ICommand<Result>;

internal sealed class CallOut(HttpClient client) : IMessageHandler<WidgetRenamed>
{
    public Task Handle(Received<WidgetRenamed> notification, CancellationToken cancellationToken) => client.GetAsync("https://127.0.0.1/", cancellationToken);
}

internal sealed class CallOutBySomebody(INotifier notifier) : IMessageHandler<WidgetRenamed>
{
    public Task Handle(Received<WidgetRenamed> notification, CancellationToken cancellationToken) => notifier.NotifyAsync(cancellationToken);
}

internal interface INotifier
{
    Task NotifyAsync(CancellationToken cancellationToken);
}

internal sealed class HttpNotifier(IHttpClientFactory clients) : INotifier
{
    public async Task NotifyAsync(CancellationToken cancellationToken)
    {
        using var client = clients.CreateClient("notifier");
        await client.GetAsync("https://127.0.0.1/", cancellationToken);
    }
}

internal sealed class RunsAHandler(BrokenDbContext database)
{
    public async Task Run(CancellationToken cancellationToken) => await new SaveItself(database).Handle(null!, cancellationToken);
}

internal sealed class IsGivenAHandler(SaveItself handler)
{
    public string Name { get; } = handler.ToString()!;
}
