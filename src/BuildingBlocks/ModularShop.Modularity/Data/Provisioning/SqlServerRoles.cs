using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.SqlClient;

namespace ModularShop.Modularity.Data;

/// <remarks>What is granted on a schema holds for the tables that are made in it later.</remarks>
internal sealed class SqlServerRoles : RoleScript
{
    public override int LongestName => 128;

    public override string ExistingSql => "SELECT name FROM sys.server_principals WHERE type = 'S'";

    public override DbConnection Connect(string connectionString) => new SqlConnection(new SqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());

    public override string? DatabaseOf(string connectionString) => new SqlConnectionStringBuilder(connectionString).InitialCatalog is { Length: > 0 } database ? database : null;

    public override string As(Role role, string connectionString)
    {
        var builder = new SqlConnectionStringBuilder(connectionString);
        builder.Remove("Integrated Security");
        builder.Remove("Authentication");
        (builder.UserID, builder.Password) = (role.Name, role.Password);
        return builder.ToString();
    }

    public override string? PasswordOf(string role, string connectionString) =>
        new SqlConnectionStringBuilder(connectionString) is { Password: { Length: > 0 } password } builder && builder.UserID == role ? password : null;

    public override IEnumerable<string> Statements(Roles roles)
    {
        var migration = Name(roles.Migration.Name);
        foreach (var role in roles.All)
        {
            var (name, text, secret) = (Name(role.Name), Literal(role.Name), Secret(role.Password));
            yield return $"IF SUSER_ID({text}) IS NULL CREATE LOGIN {name} WITH PASSWORD = {secret} HASHED, DEFAULT_DATABASE = {Name(roles.Database)}"
                // A hash is no password that a policy could be held against.
                + (role.SetsPassword ? $" ELSE BEGIN ALTER LOGIN {name} WITH CHECK_POLICY = OFF; ALTER LOGIN {name} WITH PASSWORD = {secret} HASHED; ALTER LOGIN {name} WITH CHECK_POLICY = ON END" : "");
            // The users of a database that was brought back from another server are of logins that are not there.
            yield return $"IF DATABASE_PRINCIPAL_ID({text}) IS NULL CREATE USER {name} FOR LOGIN {name} ELSE ALTER USER {name} WITH LOGIN = {name}";
        }

        yield return $"GRANT CREATE TABLE TO {migration}";
        // To name who keeps tables from being fenced; only the server's administrators can grant it.
        yield return $"IF IS_SRVROLEMEMBER('sysadmin') = 1 EXEC master.sys.sp_executesql {Literal($"GRANT VIEW SERVER STATE TO {migration}")}";
        // A move of tables reads them as of one moment.
        yield return "IF (SELECT snapshot_isolation_state FROM sys.databases WHERE database_id = DB_ID()) = 0 ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON";
        // And needs readers that wait for no writers. Not while others are connected: a move says so then, and how it is done.
        yield return "IF (SELECT is_read_committed_snapshot_on FROM sys.databases WHERE database_id = DB_ID()) = 0 BEGIN TRY ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT END TRY BEGIN CATCH END CATCH";
        foreach (var module in roles.Modules)
        {
            var (schema, text) = (Name(module.Schema), Literal(module.Schema));
            yield return $"IF SCHEMA_ID({text}) IS NULL EXEC({Literal($"CREATE SCHEMA {schema} AUTHORIZATION {migration}")})";
            yield return $"IF (SELECT USER_NAME(principal_id) FROM sys.schemas WHERE name = {text}) <> {Literal(roles.Migration.Name)} ALTER AUTHORIZATION ON SCHEMA::{schema} TO {migration}";
            yield return $"GRANT SELECT, INSERT, UPDATE, DELETE ON SCHEMA::{schema} TO {Name(module.Role.Name)}";
        }
    }

    public override string Text(string database, IEnumerable<string> statements) => $"-- For sqlcmd.\nUSE {Name(database)};\nGO\n{string.Concat(statements.Select(s => $"{s};\nGO\n"))}".TrimEnd('\n');

    /// <remarks>One by one: a database is not altered inside a transaction. What a crash leaves half made is made when it is run again.</remarks>
    public override Task RunAsync(DbConnection connection, IEnumerable<string> statements, CancellationToken cancellationToken) =>
        ExecuteAsync(connection, null, statements, cancellationToken);

    private static string Name(string name) => $"[{name.Replace("]", "]]", StringComparison.Ordinal)}]";

    private static string Literal(string value) => $"N{Text(value)}";

    /// <summary>What the server keeps of a password, from SQL Server 2012 on: it is not sent, and no log has it.</summary>
    private static string Secret(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return $"0x0200{Convert.ToHexString(salt)}{Convert.ToHexString(SHA512.HashData([.. Encoding.Unicode.GetBytes(password), .. salt]))}";
    }
}
