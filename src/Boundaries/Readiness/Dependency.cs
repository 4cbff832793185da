using ModularShop.Boundaries.Engine;
using Mono.Cecil;

namespace ModularShop.Boundaries.Readiness;

/// <summary>Questions between two modules within one request.</summary>
/// <param name="Module">Who is at the other end: the asker of what is asked, or the asked of what asks.</param>
/// <param name="Request">The use case that asks.</param>
internal sealed record Dependency(string Module, string Request, IReadOnlyList<string> Questions)
{
    private const string Host = "Host";

    /// <summary>Who asks the module.</summary>
    public static IReadOnlyList<Dependency> On(Solution solution, Module module) =>
    [
        .. solution.Modules.Where(m => m != module).Select(m => (m.Name, m.Code)).Concat(solution.Host is { } host ? [(Host, host)] : [])
            .SelectMany(asker => In(solution, asker.Code, q => q.Asked == module).Select(r => new Dependency(asker.Name, r.Request, r.Questions))),
    ];

    /// <summary>Whom the module asks.</summary>
    public static IReadOnlyList<Dependency> Of(Solution solution, Module module) =>
    [
        .. solution.Modules.SelectMany(asked => In(solution, module.Code, q => q.Asked == asked).Select(r => new Dependency(asked.Name, r.Request, r.Questions))),
    ];

    private static IEnumerable<(string Request, IReadOnlyList<string> Questions)> In(Solution solution, AssemblyDefinition code, Func<Question, bool> isWanted) =>
        Engine.Questions.AskedBy(solution, code).Where(isWanted).GroupBy(q => q.Request, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (ShortOf(code, g.Key), (IReadOnlyList<string>)[.. g.Select(q => q.Name).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]));

    /// <summary>Without what every use case of the code begins with.</summary>
    private static string ShortOf(AssemblyDefinition code, string request) =>
        request.Replace($"{code.Name.Name}.", "", StringComparison.Ordinal).Replace("Features.", "", StringComparison.Ordinal);
}
