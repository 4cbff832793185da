using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Readiness;

/// <summary>How ready a module is to become a service, from its code.</summary>
/// <param name="Score">100, less what was lost; at least 0.</param>
/// <param name="AskedBy">Who asks it within a request: a call over the network, once it has left.</param>
/// <param name="Asks">Whom it asks within a request: the same, from the other end.</param>
/// <param name="Tables">Of its own things, without those that every module has.</param>
/// <param name="Findings">Rules that it breaks, or that others break by reaching into it.</param>
/// <param name="Baseline">Null where none was asked for.</param>
internal sealed record ReadinessReport(
    string Module, int Score, IReadOnlyList<Loss> Lost, ModuleSize Size, IReadOnlyList<Dependency> AskedBy, IReadOnlyList<Dependency> Asks,
    IReadOnlyList<MessageUse> Publishes, IReadOnlyList<MessageUse> Handles, IReadOnlyList<string> Tables, IReadOnlyList<string> Endpoints,
    IReadOnlyList<Finding> Findings, BaselineComparison? Baseline)
{
    public static ReadinessReport Of(Solution solution, Module module)
    {
        var (askedBy, asks) = (Dependency.On(solution, module), Dependency.Of(solution, module));
        var findings = Finding.AllOf(solution, module);
        var lost = Loss.AllOf(findings, askedBy, asks);
        var (tables, endpoints) = (ModuleSize.TablesOf(module), ModuleSize.EndpointsOf(module));
        return new ReadinessReport(
            module.Name, Math.Max(0, 100 - lost.Sum(l => l.Points)), lost, ModuleSize.Of(solution, module, tables.Count, endpoints.Count), askedBy, asks,
            MessageUse.PublishedBy(solution, module), MessageUse.HandledBy(solution, module), tables, endpoints, findings, null);
    }
}

/// <summary>Points that were lost, and why.</summary>
/// <param name="Page">What helps.</param>
internal sealed record Loss(Concern Concern, int Points, string Reason, string Page)
{
    private const int PerAsker = 3, PerAsked = 4, MostForQuestions = 12;

    public static IReadOnlyList<Loss> AllOf(IReadOnlyList<Finding> findings, IReadOnlyList<Dependency> askedBy, IReadOnlyList<Dependency> asks) =>
    [
        .. findings.GroupBy(f => f.Concern).Select(g => OfBroken(g.Key, g.Count())),
        .. Remote("requests of others that wait for it", askedBy, PerAsker),
        .. Remote("requests that wait for others", asks, PerAsked),
    ];

    private static Loss OfBroken(Concern concern, int times)
    {
        var cost = Cost.Of(concern);
        return new Loss(concern, Math.Min(cost.Most, cost.Each * times), $"{cost.Title} ({times})", cost.Page);
    }

    private static IEnumerable<Loss> Remote(string what, IReadOnlyList<Dependency> requests, int each) => requests.Count == 0 ? [] :
    [
        new(Concern.Questions, Math.Min(MostForQuestions, each * requests.Count), $"{what} ({requests.Count})", Cost.Of(Concern.Questions).Page),
    ];
}

/// <summary>A rule that is broken.</summary>
/// <param name="Rule">Its name, by which a baseline knows it.</param>
/// <param name="Instead">What to do.</param>
/// <param name="Page">What helps.</param>
internal sealed record Finding(Concern Concern, string Rule, string Sentence, string Where, string What, string Instead, string Page)
{
    public static IReadOnlyList<Finding> AllOf(Solution solution, Module module) =>
    [
        .. AllRules.Instances.Where(r => r.Concern is not Concern.Style)
            .SelectMany(rule => rule.Check(solution).Where(v => v.Into == module.Name || solution.ModuleAt(v.Where) == module)
                .Select(v => new Finding(rule.Concern, rule.GetType().Name, v.Rule, v.Where, v.What, v.Instead, Cost.Of(rule.Concern).Page)))
            .Distinct().OrderBy(f => f.Concern).ThenBy(f => f.Rule, StringComparer.Ordinal).ThenBy(f => f.Where, StringComparer.Ordinal).ThenBy(f => f.What, StringComparer.Ordinal),
    ];
}
