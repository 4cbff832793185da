using System.Reflection;

namespace Modules.Tests.Apis;

/// <summary>Every question that modules ask each other, and every answer, goes over HTTP and arrives as it was sent.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class ModuleApiRoundTripTests(Crossing crossing) : IClassFixture<Crossing>
{
    public static TheoryData<string, string> Questions
    {
        get
        {
            var questions = new TheoryData<string, string>();
            foreach (var method in Crossing.Apis.SelectMany(a => a.GetMethods()))
            {
                questions.Add(method.DeclaringType!.Name, method.Name);
            }

            return questions;
        }
    }

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Crosses(string api, string question)
    {
        var method = Crossing.Apis.Single(a => a.Name == api).GetMethod(question)!;
        var examples = new Examples();
        var parameters = method.GetParameters()[..^1];
        await CrossAsync(method, [.. parameters.Select(p => examples.Of(p.ParameterType))], examples.Of(method.ReturnType.GetGenericArguments()[0]));
        await CrossAsync(
            method,
            [.. parameters.Select(p => Examples.MayBeNull(p) ? null : examples.Of(p.ParameterType))],
            Examples.MayAnswerNull(method) ? null : examples.Of(method.ReturnType.GetGenericArguments()[0]));
    }

    [Fact]
    public void Every_module_has_an_api() =>
        Crossing.Apis.Select(a => a.Name).ShouldBe(["ICatalogApi", "ICustomersApi", "IOrderingApi", "IPaymentsApi", "IShippingApi"], ignoreOrder: true);

    [Fact]
    public async Task What_does_not_cross_whole_is_found()
    {
        var get = typeof(ILossyApi).GetMethod(nameof(ILossyApi.GetAsync))!;
        await CrossAsync(get, [new Lossy("a")], new Lossy("b"));
        (await Assert.ThrowsAsync<ShouldAssertException>(() => CrossAsync(get, [new Lossy("a") { Lost = "!" }], new Lossy("b")))).Message.ShouldContain("the argument lossy");
        (await Assert.ThrowsAsync<ShouldAssertException>(() => CrossAsync(get, [new Lossy("a")], new Lossy("b") { Lost = "!" }))).Message.ShouldContain("the answer");
    }

    private async Task CrossAsync(MethodInfo method, object?[] arguments, object? answer)
    {
        crossing.Told.Answer = answer;
        var asking = (Task)method.Invoke(crossing.Ask(method.DeclaringType!), [.. arguments, CancellationToken.None])!;
        await asking;
        foreach (var (parameter, (sent, came)) in method.GetParameters().Zip(arguments.Zip(crossing.Told.Arguments)))
        {
            Examples.AreSame(sent, came).ShouldBeTrue($"the argument {parameter.Name} of {method.DeclaringType!.Name}.{method.Name}");
        }

        Examples.AreSame(answer, asking.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(asking)).ShouldBeTrue($"the answer of {method.DeclaringType!.Name}.{method.Name}");
    }
}
