namespace ModularShop.Boundaries.Engine;

/// <summary>A rule of the architecture, checked over a whole solution; the class is named in the words of the rule.</summary>
internal interface IRule
{
    /// <summary>The rule as a developer reads it in a failure, with its number in the architecture where it has one.</summary>
    string Sentence { get; }

    /// <summary>What breaking it stands in the way of.</summary>
    Concern Concern { get; }

    IReadOnlyList<Violation> Check(Solution solution);
}

/// <summary>Which part of a module is not ready to leave where a rule is broken.</summary>
internal enum Concern
{
    /// <summary>None: the rule is about how the shop is written.</summary>
    Style,

    /// <summary>Code that does not come apart.</summary>
    References,

    /// <summary>Tables that do not come apart.</summary>
    Tables,

    /// <summary>What others see of the module.</summary>
    Contracts,

    /// <summary>What modules ask each other within a request.</summary>
    Questions,

    /// <summary>Handlers that are not safe to run twice.</summary>
    MessageHandlers,

    /// <summary>Writes that nobody sees.</summary>
    Writes,

    /// <summary>Values that another engine keeps or sorts differently.</summary>
    StoreTypes,

    /// <summary>Endpoints that cannot be routed.</summary>
    Endpoints,
}

/// <summary>Who breaks which rule, with what, and what to do instead.</summary>
internal sealed record Violation(string Rule, string Where, string What, string Instead)
{
    /// <summary>The module that is reached into, where it is another than the one that reaches.</summary>
    public string? Into { get; init; }
}

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
