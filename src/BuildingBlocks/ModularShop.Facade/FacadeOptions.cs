namespace ModularShop.Facade;

public enum RoutingStoreKind
{
    /// <summary>In the routing file, of one host.</summary>
    File,

    /// <summary>In a table, of any number of hosts; the routing file is where the first revision comes from.</summary>
    Database,
}

/// <summary>Section <c>Facade</c> of the configuration; who answers what is in the routing file.</summary>
public sealed record FacadeOptions
{
    /// <summary>Where the routing is kept.</summary>
    public RoutingStoreKind Store { get; init; } = RoutingStoreKind.File;

    /// <summary>With <see cref="RoutingStoreKind.Database"/>: the module in whose database the routing is kept.</summary>
    public string? StoreIn { get; init; }

    /// <summary>The routing file, relative to the content root.</summary>
    public string RoutingFile { get; init; } = "routing.json";

    /// <summary>Where the history of the routing is kept, relative to the content root; unset, in the data folder.</summary>
    public string? HistoryFile { get; init; }

    /// <summary>Requests per second, 0 to 1,000,000, that the monolith answers in place of services that cannot.</summary>
    public int FallbacksPerSecond { get; init; } = 1000;

    /// <summary>How long a request waits, 0 to 30 seconds, for the new owner of a module while it changes.</summary>
    public double OwnerWaitSeconds { get; init; } = 10;

    /// <summary>
    /// Whether <c>X-Canary: service</c> and <c>X-Canary: monolith</c> choose the side of an endpoint in the mode Canary, for testers.
    /// </summary>
    public bool TesterHeader { get; init; } = true;

    /// <summary>Destinations that are names of several addresses.</summary>
    public DnsOptions Dns { get; init; } = new();

    /// <summary>What shadowing may cost.</summary>
    public ShadowOptions Shadow { get; init; } = new();
}
