namespace ModularShop.Modularity.Deployables;

public enum Owner
{
    Monolith,
    Service,
}

/// <summary>Who writes a module's data. Routing decides who answers; the two are independent.</summary>
/// <param name="Epoch">Raised by every change of the owner and every fence, starting at 1: what bears a lower one is out of date.</param>
/// <param name="IsFenced">Nobody writes for the moment: the owner is about to change, or stays after all. Whoever wants to write waits.</param>
public sealed record Ownership(Owner Owner, long Epoch, bool IsFenced = false);
