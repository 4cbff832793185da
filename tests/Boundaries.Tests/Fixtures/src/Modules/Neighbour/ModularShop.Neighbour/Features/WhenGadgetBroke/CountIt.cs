using ModularShop.Broken.Contracts;
using ModularShop.Neighbour.Domain;
using ModularShop.Neighbour.Infrastructure;

namespace ModularShop.Neighbour.Features.WhenGadgetBroke;

internal sealed class CountIt(NeighbourDbContext database) : IMessageHandler<GadgetBroke>
{
    public async Task Handle(Received<GadgetBroke> notification, CancellationToken cancellationToken)
    {
        foreach (var widget in await database.Set<Widget>().Where(w => w.Code == notification.Message.Code).ToListAsync(cancellationToken))
        {
            widget.BreakDown();
        }
    }
}
