using ModularShop.Modularity.Peers;

namespace BuildingBlocks.Tests.Peers;

[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class CircuitBreakerTests
{
    private readonly Time _time = new();
    private readonly CircuitBreaker _breaker;

    public CircuitBreakerTests() => _breaker = new CircuitBreaker(_time);

    [Fact]
    public void It_opens_when_half_of_twenty_attempts_fail_and_not_before()
    {
        Attempt(times: 10, fail: false);
        Attempt(times: 9, fail: true);
        _breaker.TryEnter().ShouldBeTrue();
        Attempt(times: 1, fail: true);
        _breaker.TryEnter().ShouldBeFalse();
    }

    [Fact]
    public void It_stays_closed_while_less_than_half_fail()
    {
        for (var i = 0; i < 100; i++)
        {
            Attempt(times: 2, fail: false);
            Attempt(times: 1, fail: true);
        }

        _breaker.TryEnter().ShouldBeTrue();
    }

    [Fact]
    public void What_is_longer_ago_than_five_seconds_does_not_count()
    {
        Attempt(times: 19, fail: true);
        _time.Pass(5.5);
        Attempt(times: 19, fail: true);
        _breaker.TryEnter().ShouldBeTrue();
        _time.Pass(4);
        Attempt(times: 1, fail: true);
        _breaker.TryEnter().ShouldBeFalse();
    }

    [Fact]
    public void After_two_seconds_one_attempt_decides()
    {
        Attempt(times: 20, fail: true);
        _time.Pass(1.9);
        _breaker.TryEnter().ShouldBeFalse();
        _time.Pass(0.2);
        var entered = 0;
        Parallel.For(0, 100, _ => Interlocked.Add(ref entered, _breaker.TryEnter() ? 1 : 0));
        entered.ShouldBe(1);

        _breaker.Leave(failed: true);
        _breaker.TryEnter().ShouldBeFalse();
        _time.Pass(2.1);
        _breaker.TryEnter().ShouldBeTrue();
        _breaker.Leave(failed: false);
        Attempt(times: 19, fail: true);
        _breaker.TryEnter().ShouldBeTrue("it has begun anew");
    }

    [Fact]
    public void An_attempt_that_nothing_is_heard_of_is_followed_by_another()
    {
        Attempt(times: 20, fail: true);
        _time.Pass(2.1);
        _breaker.TryEnter().ShouldBeTrue();
        _breaker.TryEnter().ShouldBeFalse();
        _time.Pass(2.1);
        _breaker.TryEnter().ShouldBeTrue();
    }

    [Fact]
    public void A_clock_that_is_put_back_does_not_prolong_the_break()
    {
        Attempt(times: 20, fail: true);
        _time.Pass(-3600);
        _breaker.TryEnter().ShouldBeTrue();
        _breaker.Leave(failed: false);
        Attempt(times: 20, fail: false);
    }

    private void Attempt(int times, bool fail)
    {
        for (var i = 0; i < times; i++)
        {
            _breaker.TryEnter().ShouldBeTrue();
            _breaker.Leave(fail);
        }
    }

    private sealed class Time : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public void Pass(double seconds) => _now += TimeSpan.FromSeconds(seconds);
    }
}
