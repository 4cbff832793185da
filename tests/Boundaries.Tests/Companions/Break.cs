using ModularShop.Boundaries.Engine;

namespace Boundaries.Tests.Companions;

/// <summary>Runs one rule over something that breaks it.</summary>
internal static class Break
{
    public static IReadOnlyList<Violation> Rule<TRule>()
        where TRule : IRule, new() => Rule<TRule>(Fixture.Solution);

    public static IReadOnlyList<Violation> Rule<TRule>(Solution solution)
        where TRule : IRule, new() => new TRule().Check(solution);

    public static IReadOnlyList<Violation> Project<TRule>(string path, string xml)
        where TRule : IRule, new() => Rule<TRule>(Fixture.Solution with { Modules = [], Projects = [ProjectFile.Parse(path, xml)] });

    public static IReadOnlyList<Violation> Source<TRule>(string path, string text)
        where TRule : IRule, new() => Rule<TRule>(new Solution { Sources = [new SourceFile(path, text)] });

    /// <summary>These and no others, so nothing of the neighbour that keeps the rule.</summary>
    public static void ShouldBeExactly(this IReadOnlyList<Violation> violations, params (string Where, string What)[] expected)
    {
        violations.Select(v => (v.Where, v.What)).ShouldBe(expected, ignoreOrder: true);
        violations.ShouldAllBe(v => v.Rule.Length > 20 && v.Instead.Length > 10);
    }
}
