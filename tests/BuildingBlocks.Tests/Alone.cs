namespace BuildingBlocks.Tests;

/// <summary>Tests of what is promised in seconds: nothing else runs while they do.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "Alone";
}
