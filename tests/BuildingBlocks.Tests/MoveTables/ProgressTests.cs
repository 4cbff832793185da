using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>How fast a copy may be.</summary>
public sealed class ProgressTests
{
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(200);

    private readonly Progress _progress = new(TimeProvider.System, Slow);

    [Fact]
    public void A_copy_goes_on_at_once_while_small_commits_are_fast()
    {
        _progress.RestAfter(1000, Took).ShouldBe(TimeSpan.Zero);
        _progress.Said(Slow);
        _progress.RestAfter(1000, Took).ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_copy_stands_back_while_small_commits_are_slow_and_says_so()
    {
        _progress.Said(Slow * 3);
        _progress.RestAfter(1000, Took).ShouldBe(Took * 3);
        _progress.Slowness.ShouldNotBeNull().ShouldContain("takes 300 ms, and over 100");
        for (var i = 0; i < 5; i++)
        {
            _progress.Said(Slow);
        }

        _progress.RestAfter(1000, Took).ShouldBe(TimeSpan.Zero, "they are fast again");
        _progress.Slowness.ShouldBeNull();
    }

    [Fact]
    public void A_rate_is_kept_and_slow_commits_hold_a_chunk_up_for_two_seconds_at_most()
    {
        _progress.RowsPerSecond = 500;
        _progress.RestAfter(1000, Took).ShouldBe(TimeSpan.FromSeconds(1.8));
        _progress.RowsPerSecond = null;
        _progress.Said(TimeSpan.FromMinutes(1));
        _progress.RestAfter(1000, Took).ShouldBe(TimeSpan.FromSeconds(2));
        _progress.RowsPerSecond = 100;
        _progress.RestAfter(1000, Took).ShouldBe(TimeSpan.FromSeconds(9.8));
    }
}
