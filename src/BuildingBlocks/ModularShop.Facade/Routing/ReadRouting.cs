using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

/// <summary>Gives all reads of a module to one side, in one revision.</summary>
internal sealed class ReadRouting(EndpointInventory inventory, RoutingTable table, RoutingChanges changes) : IReadRouting
{
    public async Task<string?> SendReadsAsync(string module, Owner side, string by, string reason, CancellationToken cancellationToken)
    {
        await changes.CatchUpAsync(cancellationToken);
        var current = table.Current.Revision;
        var mode = side is Owner.Service ? Mode.Service : Mode.Monolith;
        var text = inventory.ByName.Values.Where(e => e.IsSafe && string.Equals(e.Module, module, StringComparison.OrdinalIgnoreCase))
            .Where(e => table.Current.Routes[e.Index].Definition.Mode != mode)
            .Aggregate(current.Text, (edited, endpoint) => RoutingEditor.Send(edited, endpoint, mode));
        try
        {
            var errors = await changes.ApplyAsync(text, by, reason, current.Number, cancellationToken);
            return errors.Count == 0 ? null : string.Join(' ', errors);
        }
        catch (RoutingConflictException e)
        {
            return e.Message;
        }
    }
}
