namespace Modules.Tests;

/// <summary>One running shop for all suites that only need different data, not different settings.</summary>
[CollectionDefinition(Name)]
public sealed class Shop : ICollectionFixture<ShopFixture>
{
    public const string Name = "shop";
}
