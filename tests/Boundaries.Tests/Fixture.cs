using ModularShop.Boundaries.Engine;

namespace Boundaries.Tests;

/// <summary>One module that breaks every rule, and a neighbour that keeps them.</summary>
internal static class Fixture
{
    private static readonly Lazy<Solution> Whole = new(() =>
        Solution.Read(Path.Combine(Solution.Root, "tests", "Boundaries.Tests", "Fixtures")) with { BuildingBlocks = Solution.Shop.BuildingBlocks });

    public static Solution Solution => Whole.Value;
}
