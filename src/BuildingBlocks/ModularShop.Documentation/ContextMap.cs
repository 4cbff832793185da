namespace ModularShop.Documentation;

/// <summary>Who tells and who asks whom.</summary>
internal static class ContextMap
{
    public static string Of(IReadOnlyList<ModuleFacts> modules)
    {
        var told = modules.SelectMany(from => from.Publishes.SelectMany(m => m.Consumers.Where(to => to != from.Name).Select(to => (From: from.Name, To: to, Message: m.Name.Split('.')[1]))))
            .GroupBy(t => (t.From, t.To)).OrderBy(g => g.Key.From, StringComparer.Ordinal).ThenBy(g => g.Key.To, StringComparer.Ordinal).ToList();
        var asked = modules.SelectMany(from => from.Asks.Select(a => (From: from.Name, To: a.Module, a.Api))).ToList();
        return new Page("Context map")
            .Line("Whole lines are messages, through outbox and inbox; dotted ones are questions that are answered at once.").Line()
            .Mermaid(
            [
                "flowchart LR",
                .. modules.Select(m => $"    {m.Name}[\"{m.Name}\"]"),
                .. told.Select(t => $"    {t.Key.From} -->|\"{string.Join("<br/>", Names(t))}\"| {t.Key.To}"),
                .. asked.Select(a => $"    {a.From} -.->|\"{a.Api}\"| {a.To}"),
            ])
            .Heading("Messages")
            .Table(["From", "To", "What"], told.Select(t => new[] { t.Key.From, t.Key.To, string.Join(", ", Names(t).Select(n => $"`{n}`")) }))
            .Heading("Questions")
            .Table(["From", "To", "API", "In"], modules.SelectMany(m => m.Asks.Select(a => new[] { m.Name, a.Module, $"`{a.Api}`", string.Join(", ", a.By.Select(b => $"`{b}`")) })))
            .ToString();
    }

    private static IEnumerable<string> Names(IEnumerable<(string From, string To, string Message)> told) => told.Select(t => t.Message).Order(StringComparer.Ordinal);
}
