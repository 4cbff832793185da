using System.CommandLine;

namespace ModularShop.Cli.Docs;

/// <summary><c>./shop docs</c>: documents about the shop, from its code.</summary>
internal static class DocsCommand
{
    public static Command Make()
    {
        var check = new Option<bool>("--check") { Description = "Write nothing; name the documents that are not what the code says, and fail if there are any." };
        var noBuild = new Option<bool>("--no-build") { Description = "Run what was built last." };
        var configuration = new Option<string>("--configuration", "-c") { Description = "Of the build.", HelpName = "name", DefaultValueFactory = _ => "Debug" };
        return new ShopCommand(
            "docs",
            "Write docs/generated from the code: context map, service catalogue, a canvas and a data model per module, event schemas, OpenAPI documents, every endpoint. "
            + "A message that has changed so that its consumers break is refused.",
            "./shop docs",
            "./shop docs --check")
        {
            check, noBuild, configuration,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var host = HostProgram.Find(service: null, parsed.GetRequiredValue(configuration));
            if (!parsed.GetValue(noBuild))
            {
                await host.BuildAsync(cancellationToken);
            }

            shop.Output.Line(await host.RunAsync(
                [
                    "--docs", $"--Docs:Folder={Path.Combine(Repository.Root, "docs", "generated")}", $"--Docs:Check={parsed.GetValue(check)}", $"--Docs:Json={shop.Output.IsJson}",
                ],
                cancellationToken));
        });
    }
}
