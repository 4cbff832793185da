namespace Boundaries.Tests.Engine;

/// <summary>A rule of the architecture, checked over a whole solution; the class is named in the words of the rule.</summary>
internal interface IRule
{
    /// <summary>The rule as a developer reads it in a failure, with its number in the architecture where it has one.</summary>
    string Sentence { get; }

    IReadOnlyList<Violation> Check(Solution solution);
}

/// <summary>Who breaks which rule, with what, and what to do instead.</summary>
internal sealed record Violation(string Rule, string Where, string What, string Instead);

internal static class AllRules
{
    public static IReadOnlyList<IRule> Instances { get; } =
    [
        .. typeof(IRule).Assembly.GetTypes()
            .Where(t => t.IsClass && t.IsAssignableTo(typeof(IRule)))
            .OrderBy(t => t.Name, StringComparer.Ordinal)
            .Select(t => (IRule)Activator.CreateInstance(t)!),
    ];

    public static string Describe(IReadOnlyList<Violation> violations) => string.Join('\n',
        violations.GroupBy(v => v.Rule, StringComparer.Ordinal).SelectMany(rule => (string[])
        [
            "", $"{rule.Key}", $"Broken {rule.Count()} time(s):",
            .. rule.Select(v => $"\n  {v.Where}\n    {v.What}\n    Instead: {v.Instead}"), "",
        ]));
}
