using System.Data.Common;

namespace ModularShop.Modularity.Data;

/// <summary>A role that logs in.</summary>
/// <param name="SetsPassword">It is given this password where it is there already, too.</param>
internal sealed record Role(string Name, string Password, bool SetsPassword);

/// <summary>The role of a module, which reads and writes the rows of its schema and does no more.</summary>
internal sealed record ModuleRole(string Module, string Schema, Role Role);

/// <summary>What is to be made of a database: the roles, and the schemas that they work in.</summary>
/// <param name="Migration">Owns the schemas: it makes tables and triggers.</param>
internal sealed record Roles(string Database, Role Migration, IReadOnlyList<ModuleRole> Modules)
{
    public IEnumerable<Role> All => Modules.Select(m => m.Role).Prepend(Migration);
}

/// <summary>The statements that make the roles, in the words of one engine. Each can be run again, and changes nothing then.</summary>
internal abstract class RoleScript
{
    public static RoleScript Of(DatabaseProvider provider) => provider is DatabaseProvider.SqlServer ? new SqlServerRoles() : new PostgreSqlRoles();

    /// <summary>In characters.</summary>
    public abstract int LongestName { get; }

    /// <summary>The names of all roles of the server, those that log in.</summary>
    public abstract string ExistingSql { get; }

    public abstract DbConnection Connect(string connectionString);

    /// <summary>The database that a connection string names; null where it names none.</summary>
    public abstract string? DatabaseOf(string connectionString);

    /// <summary>The same server and database, as another role.</summary>
    public abstract string As(Role role, string connectionString);

    /// <summary>The password in a connection string of that role; null in one of another role.</summary>
    public abstract string? PasswordOf(string role, string connectionString);

    /// <remarks>Passwords are in them as the server keeps them, from which none can be read.</remarks>
    public abstract IEnumerable<string> Statements(Roles roles);

    /// <summary>All of them, for the engine's own command line.</summary>
    public abstract string Text(string database, IEnumerable<string> statements);

    /// <summary>Runs them, all or none where the engine can.</summary>
    public abstract Task RunAsync(DbConnection connection, IEnumerable<string> statements, CancellationToken cancellationToken);

    protected static async Task ExecuteAsync(DbConnection connection, DbTransaction? transaction, IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
            (command.CommandText, command.Transaction) = (statement, transaction);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    protected static string Text(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";
}
