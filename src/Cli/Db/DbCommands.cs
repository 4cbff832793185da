using System.CommandLine;

namespace ModularShop.Cli.Db;

/// <summary><c>./shop db</c>: the databases.</summary>
internal static class DbCommands
{
    public static Command Make() => new ShopCommand("db", "The databases.", "./shop db provision --script") { MakeProvision() };

    private static Command MakeProvision()
    {
        var script = new Option<bool>("--script") { Description = "Print what the database's administrator runs, instead of running it." };
        var newPasswords = new Option<bool>("--new-passwords") { Description = "Give roles that are there already new passwords." };
        var file = new Option<string?>("--file") { Description = "Where the configuration with the passwords goes; else data/database.json in the host's folder.", HelpName = "path" };
        var prefix = new Option<string?>("--prefix") { Description = "What the roles' names begin with; else the database's name.", HelpName = "name" };
        var service = new Option<string?>("--service") { Description = "Of this service's own database, and not the host's.", HelpName = "module" };
        var noBuild = new Option<bool>("--no-build") { Description = "Run what was built last." };
        var configuration = new Option<string>("--configuration", "-c") { Description = "Of the build.", HelpName = "name", DefaultValueFactory = _ => "Debug" };
        return new ShopCommand(
            "provision",
            "Make the roles of a PostgreSQL or SQL Server: one per module, which reads and writes its own schema alone, and one that migrates. "
            + "Database:Provider and Database:ConnectionString, of a role that may make roles, come from the environment or the host's settings.",
            "Database__Provider=PostgreSql Database__ConnectionString=… ./shop db provision",
            "Database__Provider=SqlServer Database__ConnectionString=… ./shop db provision --script > roles.sql")
        {
            script, newPasswords, file, prefix, service, noBuild, configuration,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var program = HostProgram.Find(parsed.GetValue(service), parsed.GetRequiredValue(configuration));
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Script"] = parsed.GetValue(script) ? "true" : null,
                ["NewPasswords"] = parsed.GetValue(newPasswords) ? "true" : null,
                ["Json"] = shop.Output.IsJson ? "true" : null,
                ["File"] = parsed.GetValue(file) is { } path ? Path.GetFullPath(path) : null,
                ["Prefix"] = parsed.GetValue(prefix),
            };
            if (!parsed.GetValue(noBuild))
            {
                await program.BuildAsync(cancellationToken);
            }

            shop.Output.Line(await program.RunAsync(
                ["--provision", .. settings.Where(s => s.Value is not null).Select(s => $"--Provisioning:{s.Key}={s.Value}")], cancellationToken));
        });
    }
}
