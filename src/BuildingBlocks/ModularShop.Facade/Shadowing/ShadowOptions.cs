namespace ModularShop.Facade;

/// <summary>Section <c>Facade:Shadow</c> of the configuration: what shadowing may cost. What it compares is in the routing file.</summary>
public sealed record ShadowOptions
{
    /// <summary>Copies of requests, 1 to 100,000, that wait for one service; more are dropped, and counted.</summary>
    public int QueueLength { get; init; } = 1000;

    /// <summary>Bytes, 1 kB to 1 GB, that all waiting copies hold together; more are dropped, and counted.</summary>
    public int QueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Copies, 1 to 256, that one service is asked at the same time.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Bytes, 1 to 16 MB, of an answer's body; longer ones are counted, not compared.</summary>
    public int LongestBody { get; init; } = 256 * 1024;
}
