using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Messaging;
using ModularShop.Messaging.Schemas;
using ModularShop.Modularity.Modules;

namespace ModularShop.Documentation;

/// <summary>A question to another module, and who in the module asks it.</summary>
internal sealed record AskedApi(string Module, string Api, IReadOnlyList<string> By);

/// <summary>What the code says of a module.</summary>
/// <param name="Sentence">What it is for, in its own words.</param>
internal sealed partial record ModuleFacts(
    string Name, string Schema, string Sentence, IModel Model, IReadOnlyList<EndpointFacts> Endpoints, IReadOnlyList<EventContract> Publishes,
    IReadOnlyList<EventContract> Consumes, IReadOnlyList<AskedApi> Asks, IReadOnlyList<string> Answers, IReadOnlyList<string> Jobs, Assembly Code)
{
    /// <summary>The tables of its own things, without those that every module has.</summary>
    public IEnumerable<IEntityType> Entities => Model.GetEntityTypes().Where(e => IsOwn(e) && e.GetTableName() is not null).OrderBy(TableOf, StringComparer.Ordinal);

    public IEnumerable<string> Tables => Entities.Select(TableOf).Distinct(StringComparer.Ordinal);

    /// <summary>Outbox, inbox and the like.</summary>
    public IEnumerable<string> PlatformTables =>
        Model.GetEntityTypes().Where(e => !IsOwn(e)).Select(e => e.GetTableName()).OfType<string>().Except(Tables, StringComparer.Ordinal).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private bool IsOwn(IEntityType entity) => entity.ClrType.Assembly == Code || entity.FindOwnership()?.PrincipalEntityType.ClrType.Assembly == Code;

    public static string TableOf(IEntityType entity) => entity.GetTableName() ?? "";

    public static ModuleFacts Of(LoadedModule module, IServiceProvider services, IReadOnlyList<EventContract> messages, IReadOnlyList<EndpointFacts> endpoints)
    {
        var code = module.Module.GetType().Assembly;
        using var scope = services.CreateScope();
        return new ModuleFacts(
            module.Name, module.Schema, SentenceOf(module.Module.GetType()), ((DbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType)).Model,
            [.. endpoints.Where(e => e.Part == module.Name)],
            [.. messages.Where(m => m.Publisher.Split(", ").Contains(module.Name, StringComparer.Ordinal))],
            [.. messages.Where(m => m.Consumers.Contains(module.Name, StringComparer.Ordinal))],
            AskedBy(code), AnsweredBy(module.Name, code),
            [.. services.GetServices<RecurringJob>().Where(j => j.Module == module.Name).OrderBy(j => j.Name, StringComparer.Ordinal).Select(j => $"`{j.Name}`, every {j.Every:c}")],
            code);
    }

    /// <summary>Whoever asks another module is given its API.</summary>
    private static IReadOnlyList<AskedApi> AskedBy(Assembly code) =>
    [
        .. code.GetTypes().SelectMany(t => t.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .SelectMany(c => c.GetParameters()).Select(p => (Asks: p.ParameterType, By: t)))
            .Where(a => a.Asks.IsInterface && a.Asks.Assembly.GetName().Name is { } from && from.EndsWith(".Contracts", StringComparison.Ordinal)
                && from != $"{code.GetName().Name}.Contracts" && ApiName.IsMatch(a.Asks.Name))
            .GroupBy(a => a.Asks.Name, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => new AskedApi(ApiName.Match(g.Key).Groups["module"].Value, g.Key, [.. g.Select(a => a.By.Namespace!.Split('.')[^1]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)])),
    ];

    private static IReadOnlyList<string> AnsweredBy(string module, Assembly code)
    {
        var api = Assembly.Load($"{code.GetName().Name}.Contracts").GetTypes().FirstOrDefault(t => t.IsInterface && t.Name == $"I{module}Api");
        return api is null ? [] :
        [
            .. api.GetMethods().OrderBy(m => m.Name, StringComparer.Ordinal)
                .Select(m => $"`{api.Name}.{m.Name}({string.Join(", ", m.GetParameters().Where(p => p.ParameterType != typeof(CancellationToken)).Select(p => p.Name))})`"),
        ];
    }

    /// <summary>From the documentation of its code, which is built with it.</summary>
    private static string SentenceOf(Type module)
    {
        var file = Path.ChangeExtension(module.Assembly.Location, ".xml");
        var summary = XDocument.Load(file).Descendants("member").FirstOrDefault(m => (string?)m.Attribute("name") == $"T:{module.FullName}")?.Element("summary")?.Value ?? "";
        return Space.Replace(summary, " ").Trim();
    }

    [GeneratedRegex("^I(?<module>[A-Z][A-Za-z]*)Api$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ApiName { get; }

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Space { get; }
}
