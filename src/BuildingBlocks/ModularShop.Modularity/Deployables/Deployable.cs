namespace ModularShop.Modularity.Deployables;

/// <summary>Which process this is: the monolith, or the service that a module has been extracted to and that bears its name.</summary>
public sealed record Deployable(string Name)
{
    public const string Monolith = "Monolith";

    public Owner Side => Name == Monolith ? Owner.Monolith : Owner.Service;

    /// <summary>The deployable that writes the data of <paramref name="module"/> when <paramref name="owner"/> owns it.</summary>
    public static string Of(string module, Owner owner) => owner is Owner.Monolith ? Monolith : module;
}
