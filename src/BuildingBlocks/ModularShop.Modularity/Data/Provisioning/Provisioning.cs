using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Data;

/// <summary>
/// Makes the roles of a server's database, or the script that does: one per module, which reads and writes the rows of its
/// own schema and does no more, and one that owns the schemas, for migrations and moves.
/// </summary>
/// <remarks>
/// :: Step 1: the names, and for each role its password: what is configured, else what the file has, else a new one.
/// :: Step 2: the files, before the roles: a password that nobody knows is worth nothing.
/// :: Step 3: the script is run, or printed.
/// A crash between the last two: run it again, and the roles get the passwords of the files.
/// </remarks>
public sealed class Provisioning(
    ModuleRegistry registry, Deployable here, IOptions<DatabaseOptions> databases, IOptions<ProvisioningOptions> options, IOptions<ServiceOptions> service, IHostEnvironment environment)
{
    private const string Section = "Database";
    private const string Modules = nameof(DatabaseOptions.Modules);
    private const int ShortestPassword = 12;

    /// <exception cref="StartException">They cannot be made.</exception>
    public async Task RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        var administrator = AdministratorsConnection();
        var script = RoleScript.Of(databases.Value.Provider);
        var (file, migrationFile) = Files();
        try
        {
            await using var connection = options.Value.Script ? null : script.Connect(administrator);
            // :: Step 1
            var existing = connection is null ? new HashSet<string>(StringComparer.Ordinal) : await ExistingAsync(script, connection, cancellationToken);
            var roles = Plan(script, administrator, file, migrationFile, existing);
            // :: Step 2
            await WriteAsync(file, migrationFile, roles, role => script.As(role, administrator), cancellationToken);
            // :: Step 3
            var statements = script.Statements(roles).ToList();
            await (connection is null ? Task.CompletedTask : script.RunAsync(connection, statements, cancellationToken));
            await output.WriteLineAsync(Report(roles, file.Path, migrationFile.Path, connection is null ? script.Text(roles.Database, statements) : null));
        }
        catch (DbException e)
        {
            throw new DatabaseStartupException(
                $"The roles cannot be made: {e.DatabaseMessage().TrimEnd('.', ' ')}. "
                + (e.IsCertificateRefused() ? "The server's certificate is not trusted here: give it one that is, or, in a network where nobody can stand in between, set TrustServerCertificate=true in Database:ConnectionString."
                    : e.IsLogInRefused() ? "Check user name and password in Database:ConnectionString."
                    : e.IsRightMissing() ? "Database:ConnectionString has to name a role that may make roles and schemas; or print the script for one that may: --Provisioning:Script=true."
                    : "Check what Database:ConnectionString says, and that the database is up."),
                e);
        }
    }

    private string AdministratorsConnection()
    {
        if (databases.Value.Provider is DatabaseProvider.Sqlite)
        {
            throw new StartException(
                "SQLite has no roles to provision: each module has a file of its own in Database:DataFolder, and who may read it is said by the file's permissions. "
                + "For roles set Database:Provider to PostgreSql or SqlServer, and Database:ConnectionString.");
        }

        if (here.Side is Owner.Service && service.Value.Data is ServiceData.Attached)
        {
            throw new StartException("This service is attached to the host's database: provision that with the host. One with a database of its own has Service:Data=Own.");
        }

        var connectionString = databases.Value.ConnectionString
            ?? throw new ConfigurationException("Database:ConnectionString is not set: provisioning connects by it, as a role that may make roles.");
        // Refused as any module's, where it is none.
        _ = ModuleDatabase.ConnectionStringOf(registry.Modules[0].Name, databases.Value with { Modules = new Dictionary<string, string>(StringComparer.Ordinal) }, environment.ContentRootPath);
        return connectionString;
    }

    private (SecretFile File, SecretFile Migration) Files()
    {
        var path = Path.GetFullPath(Path.Combine(environment.ContentRootPath, options.Value.File));
        return (SecretFile.Read(path), SecretFile.Read(Path.ChangeExtension(path, $".migration{Path.GetExtension(path)}")));
    }

    private Roles Plan(RoleScript script, string administrator, SecretFile file, SecretFile migrationFile, HashSet<string> existing)
    {
        var database = script.DatabaseOf(administrator) ?? throw new ConfigurationException("Database:ConnectionString names no database, and the roles are made for one.");
        if (options.Value.Passwords.Keys.FirstOrDefault(k => k != ProvisioningOptions.Migration && registry.Find(k) is null) is { } nobody)
        {
            throw new ConfigurationException($"Provisioning:Passwords:{nobody} is of no role: there are {string.Join(", ", registry.Modules.Select(m => m.Name))} and {ProvisioningOptions.Migration}.");
        }

        var prefix = options.Value.Prefix ?? database;
        var unknown = new List<string>();
        var roles = new Roles(
            database,
            RoleOf(ProvisioningOptions.Migration, migrationFile.Find(Section, nameof(DatabaseOptions.MigrationConnectionString))),
            [.. registry.Modules.Select(m => new ModuleRole(m.Name, m.Schema, RoleOf(m.Name, file.Find(Section, Modules, m.Name))))]);
        return unknown.Count == 0 ? roles : throw new StartException(
            $"{string.Join(", ", unknown)} {(unknown.Count == 1 ? "is" : "are")} there already, with a password that {file.Path} does not have. "
            + "Name the file that has it, set Provisioning:Passwords:<Module>, or give new ones with --Provisioning:NewPasswords=true: who uses the old ones is locked out then.");

        Role RoleOf(string of, string? known)
        {
            var name = $"{prefix}_{of.ToLowerInvariant()}";
            if (name.Length > script.LongestName)
            {
                throw new ConfigurationException($"The role '{name}' has a name of more than {script.LongestName} characters: set a shorter Provisioning:Prefix.");
            }

            if (options.Value.Passwords.FirstOrDefault(p => string.Equals(p.Key, of, StringComparison.OrdinalIgnoreCase)).Value is { } given)
            {
                return given.Length >= ShortestPassword && given.All(c => c is > ' ' and <= '~')
                    ? new Role(name, given, SetsPassword: true)
                    : throw new ConfigurationException($"Provisioning:Passwords:{of} must have at least {ShortestPassword} characters, all of them ASCII and no spaces.");
            }

            var kept = options.Value.NewPasswords || known is null ? null : script.PasswordOf(name, known);
            if (kept is null && existing.Contains(name) && !options.Value.NewPasswords)
            {
                unknown.Add(name);
            }

            return new Role(name, kept ?? NewPassword(), SetsPassword: options.Value.NewPasswords);
        }
    }

    private static async Task<HashSet<string>> ExistingAsync(RoleScript script, DbConnection connection, CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = script.ExistingSql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private async Task WriteAsync(SecretFile file, SecretFile migrationFile, Roles roles, Func<Role, string> connectionString, CancellationToken cancellationToken)
    {
        var database = file.Section(Section);
        database[nameof(DatabaseOptions.Provider)] = databases.Value.Provider.ToString();
        // The roles of the modules make no tables: --migrate is a step of its own.
        database[nameof(DatabaseOptions.MigrateAtStart)] = false;
        if (database[Modules] is not JsonObject modules)
        {
            database[Modules] = modules = [];
        }

        foreach (var module in roles.Modules)
        {
            modules[module.Module] = connectionString(module.Role);
        }

        var migration = migrationFile.Section(Section);
        migration[nameof(DatabaseOptions.Provider)] = databases.Value.Provider.ToString();
        migration[nameof(DatabaseOptions.MigrationConnectionString)] = connectionString(roles.Migration);
        await migrationFile.WriteAsync(cancellationToken);
        await file.WriteAsync(cancellationToken);
    }

    private string Report(Roles roles, string file, string migrationFile, string? script)
    {
        if (options.Value.Json)
        {
            return JsonSerializer.Serialize(
                new { database = roles.Database, migration = roles.Migration.Name, modules = roles.Modules.ToDictionary(m => m.Module, m => m.Role.Name, StringComparer.Ordinal), file, migrationFile, script },
                JsonSerializerOptions.Web);
        }

        return script is not null ? script : string.Join(
            Environment.NewLine,
            $"The database {roles.Database} has a role for each module: {string.Join(", ", roles.Modules.Select(m => m.Role.Name))}; and {roles.Migration.Name}, which owns the schemas.",
            $"Their passwords are in {file} and {migrationFile}, which their owner alone can read.",
            $"Next: --migrate --ConfigurationFiles:0={migrationFile}, then start with --ConfigurationFiles:0={file}.");
    }

    private static string NewPassword() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
