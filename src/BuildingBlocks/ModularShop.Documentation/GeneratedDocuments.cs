using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using ModularShop.Messaging.Schemas;
using ModularShop.Modularity.Modules;

namespace ModularShop.Documentation;

/// <summary>
/// What can be read about the shop without reading its code, made from what runs: modules, messages, endpoints and models.
/// The same code gives the same bytes, on every machine.
/// </summary>
public sealed class GeneratedDocuments(IServiceProvider services, ModuleRegistry modules, EndpointDataSource endpoints)
{
    private const string Events = "events";

    private const string Manifests = "manifests";

    private readonly IReadOnlyList<EventContract> _messages = EventContract.AllOf(services);

    /// <summary>Writes what has changed, or names it; what breaks consumers of a message is refused.</summary>
    /// <param name="options"><c>Folder</c>; <c>Check</c>: write nothing; <c>Json</c>: say it to a program.</param>
    /// <returns>The exit code.</returns>
    internal async Task<int> RunAsync(IConfiguration options, CancellationToken cancellationToken)
    {
        var folder = options["Folder"] ?? throw new ConfigurationException("Docs:Folder is not set: it says where the documents are, such as docs/generated.");
        var (isCheck, isJson) = (options.GetValue<bool>("Check"), options.GetValue<bool>("Json"));
        if (!isCheck && new EventSnapshots(Path.Combine(folder, Events)).Check(_messages, write: true) is { } refused)
        {
            await Console.Error.WriteLineAsync($"Nothing else has been written.{Environment.NewLine}{refused}");
            return 1;
        }

        var documents = await MakeAsync(cancellationToken);
        var stale = Stale(documents, folder);
        if (isCheck && stale.Count > 0)
        {
            await Console.Error.WriteLineAsync($"Not what the code says any more; './shop docs' writes them:{Environment.NewLine}{string.Join(Environment.NewLine, stale.Select(s => $"  {s}"))}");
            return 1;
        }

        foreach (var path in stale)
        {
            Write(Path.Combine([folder, .. path.Split('/')]), documents.GetValueOrDefault(path));
        }

        await Console.Out.WriteLineAsync(isJson ? JsonSerializer.Serialize(new { documents = documents.Count, written = stale })
            : stale.Count == 0 ? $"{documents.Count} documents say what the code says."
            : $"Written:{Environment.NewLine}{string.Join(Environment.NewLine, stale.Select(s => $"  {s}"))}");
        return 0;
    }

    /// <summary>The documents that are not what the code says: changed, missing, or about what is no more.</summary>
    public async Task<IReadOnlyList<string>> StaleAsync(string folder, CancellationToken cancellationToken) => Stale(await MakeAsync(cancellationToken), folder);

    /// <summary>Each document's text by its path.</summary>
    internal async Task<SortedDictionary<string, string>> MakeAsync(CancellationToken cancellationToken)
    {
        var documents = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var inventory = EndpointFacts.AllOf(endpoints);
        var facts = modules.Modules.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => ModuleFacts.Of(m, services, _messages, inventory)).ToList();
        foreach (var module in facts)
        {
            documents[$"{Manifests}/{module.Name}.json"] = Manifest.Of(module, endpoints).Text();
            documents[$"modules/{module.Name}.md"] = ModuleCanvas.Of(module);
            documents[$"models/{module.Name}.md"] = DataModelPage.Of(module);
        }

        documents["context-map.md"] = ContextMap.Of(facts);
        documents["services.md"] = ServiceCatalogue.Of(facts, modules.Departed);
        documents["routing.md"] = RoutingInventory.Of(inventory);
        foreach (var (name, text) in await OpenApiFiles.OfAsync(services, facts.Select(f => f.Schema), cancellationToken))
        {
            documents[$"openapi/{name}.json"] = text;
        }

        foreach (var (file, text) in _messages.Select(EventSnapshots.Newest))
        {
            documents[$"{Events}/{file}"] = text;
        }

        return documents;
    }

    private List<string> Stale(SortedDictionary<string, string> documents, string folder)
    {
        // What was written of a module while it was here stays, and is its service's.
        string[] departed = [.. modules.Departed.SelectMany(m => new[] { $"{Manifests}/{m.Name}.json", $"modules/{m.Name}.md", $"models/{m.Name}.md", $"openapi/{m.Schema}.json" })];
        var there = Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f).Replace('\\', '/')).ToHashSet(StringComparer.Ordinal)
            : [];
        return
        [
            // Old versions of messages stay for as long as they are read: EventSnapshots knows which.
            .. documents.Where(d => !there.Contains(d.Key) || File.ReadAllText(Path.Combine(folder, d.Key)).ReplaceLineEndings("\n") != d.Value).Select(d => d.Key)
                .Concat(there.Where(t => !documents.ContainsKey(t) && !departed.Contains(t) && !t.StartsWith($"{Events}/", StringComparison.Ordinal))).Order(StringComparer.Ordinal),
        ];
    }

    private static void Write(string path, string? text)
    {
        if (text is null)
        {
            File.Delete(path);
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
