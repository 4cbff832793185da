using ModularShop.Host.Console;

namespace Modules.Tests.Console;

public sealed class SeenTests
{
    private readonly TestClock _clock = new();

    [Fact]
    public void All_of_a_long_time_is_kept_in_less_detail_with_what_is_now()
    {
        var seen = new Seen<int>(_clock);
        IReadOnlyList<Sample<int>> samples = [];
        var begun = _clock.GetUtcNow();
        for (var i = 0; i < 5000; i++)
        {
            samples = seen.Note("Catalog", "one", i);
            samples.Count.ShouldBeLessThanOrEqualTo(121);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        samples[0].At.ShouldBe(begun, TimeSpan.FromSeconds(1));
        samples[^1].Value.ShouldBe(4999);
        samples.Count.ShouldBeGreaterThan(60);
        samples.Zip(samples.Skip(1)).ShouldAllBe(pair => pair.First.Value < pair.Second.Value);
    }

    [Fact]
    public void Of_another_run_nothing_earlier_is_kept()
    {
        var seen = new Seen<int>(_clock);
        seen.Note("Catalog", "one", 1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        seen.Note("Catalog", "two", 2).Select(s => s.Value).ShouldBe([2]);
        seen.Note("Shipping", "one", 3).Select(s => s.Value).ShouldBe([3]);
    }
}
