using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Messages;

/// <summary><c>./shop messages</c>: the messages that a module gave up on.</summary>
internal static class MessagesCommands
{
    public static Command Make() => new ShopCommand("messages", "The messages that a module gave up on: its dead letters.", "./shop messages dead-letters Catalog", "./shop messages causes Catalog")
    {
        MakeBacklog(), MakeList(), MakeCauses(), MakeRetry(), EditCommand.Make(), MakeDiscard(),
    };

    private static Command MakeBacklog()
    {
        var module = ModuleArgument();
        return new ShopCommand("backlog", "What a module has still to deliver and to handle.", "./shop messages backlog Ordering", "./shop messages backlog Ordering --json")
        {
            module,
        }.Does((parsed, shop, cancellationToken) => shop.AskAsync<Backlog>(
            $"api/v1/messages/{Uri.EscapeDataString(parsed.GetRequiredValue(module))}/backlog",
            backlog =>
            {
                shop.Output.Line(string.Create(CultureInfo.InvariantCulture, $"outbox    {backlog.Outbox.Waiting} to deliver, {backlog.Outbox.Failing} of them failing{(backlog.Outbox.Trouble is { } trouble ? $": {trouble}" : "")}"));
                shop.Output.Line(string.Create(CultureInfo.InvariantCulture, $"inbox     {backlog.Inbox.Due} due, the first for {backlog.LagSeconds:0.#} s; {backlog.Inbox.Retrying} to be retried, {backlog.Inbox.Later} later"));
                shop.Output.Line(string.Create(CultureInfo.InvariantCulture, $"dead      {backlog.Dead}"));
            },
            cancellationToken));
    }

    private static Command MakeList()
    {
        var module = ModuleArgument();
        var size = new Option<int>("--size") { Description = "How many, oldest first.", HelpName = "number", DefaultValueFactory = _ => 50 };
        var after = new Option<string>("--after") { Description = "Behind this position, which the list before named.", HelpName = "position" };
        var cause = new Option<string>("--cause") { Description = "Those of this cause, as './shop messages causes' has it.", HelpName = "text" };
        var type = new Option<string>("--type") { Description = "Those of this type.", HelpName = "type" };
        return new ShopCommand(
            "dead-letters",
            "Messages that a module gave up on, oldest first.",
            "./shop messages dead-letters Catalog",
            "./shop messages dead-letters Catalog --type Catalog.ReserveStock",
            "./shop messages dead-letters Catalog --json")
        {
            module, cause, type, size, after,
        }.Does((parsed, shop, cancellationToken) => shop.AskAsync<PageOfLetters>(
            $"{Path(parsed.GetRequiredValue(module))}?size={parsed.GetValue(size).ToString(CultureInfo.InvariantCulture)}"
                + Part("cause", parsed.GetValue(cause)) + Part("type", parsed.GetValue(type)) + Part("after", parsed.GetValue(after)),
            page =>
            {
                shop.Output.Table(
                    ["Id", "Type", "Time (UTC)", "Cause"], page.Items.Select(l => new[] { l.Id.ToString(), l.Type, l.Time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), l.Cause }));
                if (page.Next is not null)
                {
                    shop.Output.Line($"There are more: --after {page.Next}");
                }
            },
            cancellationToken));
    }

    private static Command MakeCauses()
    {
        var module = ModuleArgument();
        return new ShopCommand("causes", "Dead letters grouped by what failed, the most frequent first.", "./shop messages causes Catalog")
        {
            module,
        }.Does((parsed, shop, cancellationToken) => shop.AskAsync<IReadOnlyList<Cause>>(
            $"{Path(parsed.GetRequiredValue(module))}/causes",
            causes => shop.Output.Table(
                ["Count", "Type", "Oldest (UTC)", "Cause"],
                causes.Select(c => new[]
                {
                    c.Count.ToString(CultureInfo.InvariantCulture), c.Type, c.Oldest.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), c.Text,
                })),
            cancellationToken));
    }

    private static Command MakeRetry()
    {
        var module = ModuleArgument();
        var id = new Option<Guid?>("--id") { Description = "Of one letter.", HelpName = "id" };
        var cause = new Option<string>("--cause") { Description = "All of this cause, as './shop messages causes' has it.", HelpName = "text" };
        var type = new Option<string>("--type") { Description = "All of this type.", HelpName = "type" };
        var force = new Option<bool>("--force") { Description = "Also what later messages of its subject have passed: it is handled out of order." };
        return new ShopCommand(
            "retry",
            "Handle dead letters again: one, or all of a cause or a type.",
            "./shop messages retry Catalog --id 0198f0c2-0000-7000-8000-000000000000",
            "./shop messages retry Catalog --type Catalog.ReserveStock",
            "./shop messages retry Catalog --cause \"System.TimeoutException: …\"")
        {
            module, id, cause, type, force,
        }.Does((parsed, shop, cancellationToken) =>
        {
            var (one, of, kind, path) = (parsed.GetValue(id), parsed.GetValue(cause), parsed.GetValue(type), Path(parsed.GetRequiredValue(module)));
            if (one is null == (of is null && kind is null))
            {
                throw CommandFailure.Usage("Say which dead letters: either --id of one, or all of a --cause, of a --type, or of both.");
            }

            return one is { } letter
                ? shop.TellAsync(
                    $"{path}/{letter}/retry?force={(parsed.GetValue(force) ? "true" : "false")}", null, $"{letter} is handled again.", new JsonObject { ["id"] = letter.ToString(), ["outcome"] = "retried" },
                    cancellationToken)
                : shop.AskAsync<Outcome>(
                    HttpMethod.Post, $"{path}/retry", new { cause = of, type = kind, force = parsed.GetValue(force) },
                    outcome => shop.Output.Line($"{outcome.Retried} handled again." + (outcome.PassedByLater > 0
                        ? $"{Environment.NewLine}{outcome.PassedByLater} left, as later messages of their subjects have passed them; --force retries them too."
                        : "")),
                    cancellationToken);
        });
    }

    private static Command MakeDiscard()
    {
        var module = ModuleArgument();
        var id = new Option<Guid>("--id") { Description = "Of the letter.", HelpName = "id", Required = true };
        var reason = ReasonOption.Make();
        return new ShopCommand("discard", "Never handle a dead letter.", "./shop messages discard Catalog --id 0198f0c2-0000-7000-8000-000000000000 --reason \"the order was made by a test\"")
        {
            module, id, reason,
        }.Does((parsed, shop, cancellationToken) =>
        {
            var letter = parsed.GetValue(id);
            return shop.TellAsync(
                $"{Path(parsed.GetRequiredValue(module))}/{letter}/discard", new { reason = parsed.ReasonOf(reason) }, $"{letter} is discarded.",
                new JsonObject { ["id"] = letter.ToString(), ["outcome"] = "discarded" }, cancellationToken);
        });
    }

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    public static Argument<string> ModuleArgument() => new("module") { Description = "Such as Catalog." };

    public static string Path(string module) => $"api/v1/messages/{Uri.EscapeDataString(module)}/dead-letters";

    private sealed record PageOfLetters(IReadOnlyList<Letter> Items, string? Next);

    private sealed record Letter(Guid Id, string Type, DateTimeOffset Time, string Cause);

    private sealed record Cause([property: System.Text.Json.Serialization.JsonPropertyName("cause")] string Text, string Type, int Count, DateTimeOffset Oldest);

    private sealed record Outcome(int Retried, int PassedByLater);

    private sealed record Backlog(Outbox Outbox, Inbox Inbox, double LagSeconds, int Dead);

    private sealed record Outbox(int Waiting, int Failing, string? Trouble);

    private sealed record Inbox(int Due, int Retrying, int Later);
}
