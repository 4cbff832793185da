using ModularShop.Modularity.Http;

namespace BuildingBlocks.Tests.Modularity;

[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class StartFailureTests
{
    [Fact]
    public void What_a_person_can_mend_is_one_line() =>
        StartFailure.LineFor(new StartException("The thing is wrong.\n\nDETAIL: so it is.\r\n  Mend it.\n")).ShouldBe("The thing is wrong. DETAIL: so it is. Mend it.");

    [Fact]
    public void A_bug_keeps_its_stack_trace()
    {
        StartFailure.LineFor(new InvalidOperationException("a bug")).ShouldBeNull();
        StartFailure.LineFor(new AggregateException(new InvalidOperationException("a bug"))).ShouldBeNull();
        StartFailure.LineFor(new IOException("a bug", new IOException())).ShouldBeNull();
    }
}
