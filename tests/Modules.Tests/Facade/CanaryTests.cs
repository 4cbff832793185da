using ModularShop.Facade;

namespace Modules.Tests.Facade;

public sealed class CanaryTests
{
    private static readonly List<string> Clients = [.. Enumerable.Range(0, 20_000).Select(_ => Guid.CreateVersion7().ToString())];

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    public void The_service_answers_as_many_clients_as_asked_for(int percent)
    {
        var share = 100.0 * Clients.Count(c => CanarySelection.BucketOf("Catalog", c) < percent) / Clients.Count;
        share.ShouldBe(percent, tolerance: 1.5);
    }

    [Fact]
    public void The_canaries_of_one_module_are_not_those_of_another()
    {
        var both = Clients.Count(c => CanarySelection.BucketOf("Catalog", c) < 10 && CanarySelection.BucketOf("Shipping", c) < 10);
        (100.0 * both / Clients.Count).ShouldBe(1, tolerance: 0.5);
    }

    [Fact]
    public void A_client_is_in_the_same_bucket_in_every_process_of_every_version() =>
        // Written down: a change moves every client of every canary to another side.
        new[] { "ann", "bob", "0193a7c4-0000-7000-8000-000000000001" }.Select(c => CanarySelection.BucketOf("Catalog", c)).ShouldBe([48, 89, 11]);
}
