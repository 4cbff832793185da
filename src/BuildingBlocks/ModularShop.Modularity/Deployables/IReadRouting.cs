namespace ModularShop.Modularity.Deployables;

/// <summary>Who answers the reads of a module, for whoever moves its data and does not know how requests are routed.</summary>
public interface IReadRouting
{
    /// <summary>Lets one side answer all reads of the module from here on; null, or why that cannot be.</summary>
    Task<string?> SendReadsAsync(string module, Owner side, string by, string reason, CancellationToken cancellationToken);
}
