using System.Collections.Concurrent;

namespace ModularShop.Modularity.Deployables;

/// <summary>The owners of the modules of this process, as last read from their databases.</summary>
public sealed class Ownerships(Deployable here)
{
    private static readonly Ownership AtFirst = new(Owner.Monolith, 1);

    private readonly ConcurrentDictionary<string, Ownership> _owners = new(StringComparer.OrdinalIgnoreCase);

    public Ownership Of(string module) => _owners.GetValueOrDefault(module, AtFirst);

    /// <summary>Whether this process writes the module's data.</summary>
    public bool IsHere(string module) => Of(module).Owner == here.Side;

    /// <summary>Takes note of what a database says; an older epoch than the one known changes nothing.</summary>
    internal void Learn(string module, Ownership ownership)
    {
        var before = Of(module);
        if (ownership.Epoch > before.Epoch)
        {
            _owners[module] = ownership;
        }
    }
}
