using System.Globalization;
using ModularShop.Modularity.Modules;

namespace ModularShop.Documentation;

/// <summary>The modules, each of which can be a service.</summary>
internal static class ServiceCatalogue
{
    public static string Of(IReadOnlyList<ModuleFacts> modules, IReadOnlyList<DepartedModule> departed) => new Page("Service catalogue")
        .Line(departed.Count == 0
            ? "Every module runs in the host, and can be a service of its own (`./shop extract`)."
            : $"These modules run in the host, and can be services of their own (`./shop extract`). Left it have {string.Join(", ", departed.Select(m => $"[{m.Name}](modules/{m.Name}.md)"))}.").Line()
        .Table(
            ["Module", "What for", "Endpoints", "Tables", "Publishes", "Consumes", "Asks"],
            modules.Select(m => new[]
            {
                $"[{m.Name}](modules/{m.Name}.md)", m.Sentence, Count(m.Endpoints), Count(m.Tables), Count(m.Publishes), Count(m.Consumes),
                string.Join(", ", m.Asks.Select(a => a.Module)) is { Length: > 0 } asks ? asks : "nobody",
            }))
        .ToString();

    private static string Count<T>(IEnumerable<T> things) => things.Count().ToString(CultureInfo.InvariantCulture);
}
