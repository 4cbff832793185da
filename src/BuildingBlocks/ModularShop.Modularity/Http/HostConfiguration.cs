using Microsoft.Extensions.Configuration;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Http;

/// <summary>What the configuration of a process consists of besides the framework's sources.</summary>
internal static class HostConfiguration
{
    /// <summary>Files that are not the program's: <c>ConfigurationFiles:0</c> and so on. As everywhere, environment and arguments have the last word.</summary>
    /// <exception cref="ConfigurationException">There is no such file.</exception>
    public static void AddFiles(this ConfigurationManager configuration, string[] arguments)
    {
        var files = configuration.GetSection("ConfigurationFiles").Get<string[]>() ?? [];
        foreach (var file in files)
        {
            var path = Path.GetFullPath(file);
            if (!File.Exists(path))
            {
                throw new ConfigurationException($"ConfigurationFiles names {path}, and there is no such file.");
            }

            configuration.AddJsonFile(path, optional: false, reloadOnChange: false);
        }

        if (files.Length > 0)
        {
            configuration.AddEnvironmentVariables();
            configuration.AddCommandLine(arguments);
        }
    }

    /// <summary>Where the roles of the modules may not change tables, all of them are migrated by the one that may.</summary>
    public static void UseMigrationRole(this ConfigurationManager configuration)
    {
        var database = configuration.GetSection("Database");
        if (database[nameof(DatabaseOptions.MigrationConnectionString)] is { Length: > 0 } migration)
        {
            configuration.AddInMemoryCollection(
            [
                .. database.GetSection(nameof(DatabaseOptions.Modules)).GetChildren().Select(m => KeyValuePair.Create(m.Path, (string?)migration)),
                KeyValuePair.Create($"{database.Path}:{nameof(DatabaseOptions.ConnectionString)}", (string?)migration),
            ]);
        }
    }
}
