using System.CommandLine;
using System.Text.Json.Nodes;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Messages;

/// <summary><c>./shop messages edit</c>: a dead letter that is handled again with other data.</summary>
internal static class EditCommand
{
    public static Command Make()
    {
        var module = MessagesCommands.ModuleArgument();
        var id = new Option<Guid>("--id") { Description = "Of the letter.", HelpName = "id", Required = true };
        var data = new Option<FileInfo>("--data") { Description = "A file with its new data, JSON as 'dead-letters --json' and the console have it.", HelpName = "file", Required = true };
        var force = new Option<bool>("--force") { Description = "Even if later messages of its subject have passed it: it is handled out of order." };
        var reason = ReasonOption.Make();
        return new ShopCommand(
            "edit", "Handle a dead letter again with other data.",
            "./shop messages edit Shipping --id 0198f0c2-0000-7000-8000-000000000000 --data letter.json --reason \"the postal code was missing\"")
        {
            module, id, data, force, reason,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var (letter, file) = (parsed.GetValue(id), parsed.GetRequiredValue(data));
            if (!file.Exists)
            {
                throw CommandFailure.Usage($"There is no file {file.FullName}.");
            }

            var text = await File.ReadAllTextAsync(file.FullName, cancellationToken);
            await shop.TellAsync(
                $"{MessagesCommands.Path(parsed.GetRequiredValue(module))}/{letter}/edit", new { data = text, reason = parsed.ReasonOf(reason), force = parsed.GetValue(force) },
                $"{letter} is handled again, with other data.", new JsonObject { ["id"] = letter.ToString(), ["outcome"] = "edited" }, cancellationToken);
        });
    }
}
