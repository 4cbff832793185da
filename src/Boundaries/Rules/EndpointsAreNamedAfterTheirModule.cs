using System.Text.RegularExpressions;
using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed partial class EndpointsAreNamedAfterTheirModule : IRule
{
    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal) { "MapGet", "MapPost", "MapPut", "MapPatch", "MapDelete", "MapMethods" };

    public string Sentence => "Every endpoint is named <Module>.<Operation>, and no two alike: routing.json and the facade know it by that name.";

    public Concern Concern => Concern.Endpoints;

    public IReadOnlyList<Violation> Check(Solution solution) => [.. solution.Modules.SelectMany(Check)];

    private IEnumerable<Violation> Check(Module module)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var method in module.Code.Types().SelectMany(t => t.Methods))
        {
            var calls = method.Calls().ToList();
            // The request delegate generator replaces MapGet by MapGet0, MapGet1, …
            var maps = calls.Count(c => Maps.Contains(c.Target.Name.TrimEnd("0123456789".ToCharArray())) && c.DeclaringType.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal));
            var named = method.EndpointNames().ToList();
            if (maps > named.Count)
            {
                yield return new Violation(Sentence, method.Where(), $"maps {maps} endpoint(s) and names {named.Count}.", $"add .WithName(\"{module.Name}.<Operation>\") to each Map call, in the same method.");
            }

            foreach (var (call, name) in named)
            {
                if (name is null)
                {
                    yield return new Violation(Sentence, call.Where, "gives an endpoint a name that is not a constant.", $"write it out: \"{module.Name}.<Operation>\"; people search for it.");
                }
                else if (!Name.IsMatch(name) || !name.StartsWith(module.Name + ".", StringComparison.Ordinal))
                {
                    yield return new Violation(Sentence, call.Where, $"names an endpoint \"{name}\".", $"name it {module.Name}.<Operation>, the operation in Pascal case.");
                }
                else if (!names.TryAdd(name, call.Where))
                {
                    yield return new Violation(Sentence, call.Where, $"names an endpoint \"{name}\", as {names[name]} does.", "give each its own name.");
                }
            }
        }
    }

    [GeneratedRegex(@"^[A-Z]\w*\.[A-Z][A-Za-z0-9]*$", RegexOptions.None, 1000)]
    private static partial Regex Name { get; }
}
