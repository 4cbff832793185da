using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class FailuresHaveAStatus : IRule
{
    public string Sentence => "Every member of an enum of failures (<Name>Error) has its HTTP status.";

    public Concern Concern => Concern.Endpoints;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Assemblies.SelectMany(a => a.Types())
            .Where(t => t.IsEnum && t.Name.EndsWith("Error", StringComparison.Ordinal))
            .SelectMany(t => t.Fields.Where(f => f.IsStatic && f.CustomAttributes.All(a => a.AttributeType.FullName != "ModularShop.Modularity.Domain.StatusAttribute"))
                .Select(f => new Violation(Sentence, $"{t.Where()}.{f.Name}", "has no [Status(…)].", "put the status of the problem details on it: [Status(404)]."))),
    ];
}
