using System.CommandLine;

namespace ModularShop.Cli.Services;

/// <summary><c>./shop services</c>: the extracted services of a developer.</summary>
internal static class ServicesCommands
{
    public static Command Make() => new ShopCommand("services", "The extracted services, on this machine.", "./shop services up") { MakeUp() };

    private static Command MakeUp()
    {
        var modules = new Argument<string[]>("modules") { Description = "Which; all of src/Extracted if none is named.", Arity = ArgumentArity.ZeroOrMore, DefaultValueFactory = _ => [] };
        var noBuild = new Option<bool>("--no-build") { Description = "Run what was built last." };
        var configuration = new Option<string>("--configuration", "-c") { Description = "Of the build.", HelpName = "name", DefaultValueFactory = _ => "Debug" };
        return new ShopCommand(
            "up",
            "Start services, show what they log, and end them on Ctrl+C. They listen where the routing has their destination; their other settings are their appsettings.json and the environment.",
            "./shop services up",
            "./shop services up Catalog",
            "Database__Provider=PostgreSql Database__ConnectionString=… ./shop services up Catalog")
        {
            modules, noBuild, configuration,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var projects = ServiceProject.Find(parsed.GetValue(modules) ?? [], parsed.GetRequiredValue(configuration));
            using var ended = new EndSignals(cancellationToken);
            await new ServicesUp(shop, projects, ended.Token).RunAsync(build: !parsed.GetValue(noBuild));
        });
    }
}
