namespace ModularShop.Modularity.Deployables;

public enum Owner
{
    Monolith,
    Service,
}

/// <summary>Who writes a module's data. Routing decides who answers; the two are independent.</summary>
/// <param name="Epoch">Raised by every change of the owner, starting at 1: what bears a lower one is out of date.</param>
public sealed record Ownership(Owner Owner, long Epoch);
