using ModularShop.Messaging.Schemas;

namespace ModularShop.Documentation;

/// <summary>One module on one page.</summary>
internal static class ModuleCanvas
{
    public static string Of(ModuleFacts module) => new Page(module.Name)
        .Line(module.Sentence).Line()
        .Heading("Owns")
        .List(module.Tables.Select(t => $"`{t}`"))
        .Line($"Schema `{module.Schema}` ([data model](../models/{module.Name}.md)); beside its own tables those that every module has: {string.Join(", ", module.PlatformTables.Select(t => $"`{t}`"))}.").Line()
        .Heading("Publishes")
        .List(module.Publishes.Select(m => $"{Link(m)} {(m.Consumers.Count == 0 ? "for nobody here" : $"to {string.Join(", ", m.Consumers)}")}"))
        .Heading("Consumes")
        .List(module.Consumes.Select(m => $"{Link(m)} from {m.Publisher}"))
        .Heading("Asks")
        .List(module.Asks.Select(a => $"`{a.Api}` of [{a.Module}]({a.Module}.md), in {string.Join(", ", a.By.Select(b => $"`{b}`"))}"))
        .Heading("Answers")
        .List(module.Answers)
        .Heading("Endpoints")
        .Table(["Endpoint", "", "For", ""], module.Endpoints.Select(e => new[] { $"`{e.Name}`", $"`{e.Method} {e.Route}`", e.Access, e.Summary }))
        .Line($"[OpenAPI document](../openapi/{module.Schema}.json)").Line()
        .Heading("Jobs")
        .List(module.Jobs)
        .ToString();

    private static string Link(EventContract message) => $"[`{message.Name}`](../events/{EventSnapshots.Newest(message).File})";
}
