using System.CommandLine;
using System.Text.Json;

namespace ModularShop.Cli.Extract;

/// <summary><c>./shop extract</c>: a module gets a service of its own.</summary>
internal static class ExtractCommand
{
    public static Command Make()
    {
        var module = new Argument<string>("module") { Description = "Such as Payments." };
        var dryRun = new Option<bool>("--dry-run") { Description = "List what it would write, and write nothing." };
        var output = new Option<string?>("--output")
        {
            Description = "Put the project into this folder, and leave solution and settings alone: for a service that is thrown away again.", HelpName = "folder",
        };
        return new ShopCommand(
            "extract",
            "Make the service of a module: a project in src/Extracted that hosts the module's code in a process of its own, in the solution and known to the host. "
            + "What is there already stays as it is; no shop needs to run.",
            "./shop extract Payments",
            "./shop extract Payments --dry-run",
            "./shop extract Payments --output /tmp/payments")
        {
            module, dryRun, output,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var scaffold = parsed.GetValue(output) is { } folder
                ? ServiceScaffold.In(Path.GetFullPath(folder), ShopModules.Find(parsed.GetRequiredValue(module)))
                : ServiceScaffold.InRepository(ShopModules.Find(parsed.GetRequiredValue(module)));
            var extraction = new Extraction(scaffold, isRegistered: parsed.GetValue(output) is null);
            var isDry = parsed.GetValue(dryRun);
            if (!isDry)
            {
                await extraction.ApplyAsync(cancellationToken);
            }

            if (shop.Output.IsJson)
            {
                shop.Output.Json(JsonSerializer.Serialize(new
                {
                    module = scaffold.Module,
                    folder = scaffold.Folder,
                    address = scaffold.Listen,
                    dryRun = isDry,
                    changes = extraction.Changes.Select(c => new { path = c.Path, what = c.What }),
                    differing = extraction.Differing,
                }));
                return;
            }

            ExtractionReport.Lines(scaffold, extraction, isDry).ToList().ForEach(shop.Output.Line);
        });
    }
}
