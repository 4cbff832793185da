using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ModularShop.Modularity.Data;

internal sealed class PostgreSqlRoles : RoleScript
{
    private const int Iterations = 4096;

    public override int LongestName => 63;

    public override string ExistingSql => "SELECT rolname FROM pg_roles";

    public override DbConnection Connect(string connectionString) => new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());

    public override string? DatabaseOf(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString).Database;

    public override string As(Role role, string connectionString) => new NpgsqlConnectionStringBuilder(connectionString) { Username = role.Name, Password = role.Password }.ToString();

    public override string? PasswordOf(string role, string connectionString) =>
        new NpgsqlConnectionStringBuilder(connectionString) is { Password: { Length: > 0 } password } builder && builder.Username == role ? password : null;

    public override IEnumerable<string> Statements(Roles roles)
    {
        var migration = Name(roles.Migration.Name);
        foreach (var role in roles.All)
        {
            var secret = Secret(role.Password);
            yield return $"DO $do$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = {Text(role.Name)}) THEN CREATE ROLE {Name(role.Name)} LOGIN PASSWORD {Text(secret)}; END IF; END $do$";
            if (role.SetsPassword)
            {
                yield return $"ALTER ROLE {Name(role.Name)} PASSWORD {Text(secret)}";
            }

            yield return $"GRANT CONNECT ON DATABASE {Name(roles.Database)} TO {Name(role.Name)}";
        }

        // Only a member, or a superuser, gives something to a role or speaks for it.
        yield return $"""
            DO $do$ BEGIN
            IF NOT pg_has_role(current_user, {Text(roles.Migration.Name)}, 'MEMBER') THEN GRANT {migration} TO CURRENT_USER; END IF;
            IF (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN GRANT pg_read_all_stats TO {migration}; END IF;
            END $do$
            """;
        // Before PostgreSQL 15 everybody may make tables there.
        yield return "DO $do$ BEGIN IF to_regnamespace('public') IS NOT NULL THEN REVOKE CREATE ON SCHEMA public FROM PUBLIC; END IF; END $do$";
        foreach (var module in roles.Modules)
        {
            var (schema, role) = (Name(module.Schema), Name(module.Role.Name));
            yield return $"CREATE SCHEMA IF NOT EXISTS {schema} AUTHORIZATION {migration}";
            yield return TakeOver(module.Schema, roles.Migration.Name);
            yield return $"GRANT USAGE ON SCHEMA {schema} TO {role}";
            yield return $"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}";
            yield return $"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}";
            // What is made later, too.
            yield return $"ALTER DEFAULT PRIVILEGES FOR ROLE {migration} IN SCHEMA {schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}";
            yield return $"ALTER DEFAULT PRIVILEGES FOR ROLE {migration} IN SCHEMA {schema} GRANT USAGE ON SEQUENCES TO {role}";
        }
    }

    public override string Text(string database, IEnumerable<string> statements) =>
        $"-- For psql, connected to the database {database}.\nBEGIN;\n{string.Concat(statements.Select(s => $"{s};\n"))}COMMIT;";

    public override async Task RunAsync(DbConnection connection, IEnumerable<string> statements, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, transaction, statements, cancellationToken);
        // A crash before: nothing was made. After it: all was, and running it again changes nothing.
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Tables that somebody else has made before; a sequence of a column goes with its table.</summary>
    private static string TakeOver(string schema, string owner) => $"""
        DO $do$ DECLARE owned record; BEGIN
        IF (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = {Text(schema)}) <> {Text(owner)} THEN ALTER SCHEMA {Name(schema)} OWNER TO {Name(owner)}; END IF;
        FOR owned IN SELECT c.oid::regclass AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE n.nspname = {Text(schema)} AND c.relkind IN ('r', 'p') AND pg_get_userbyid(c.relowner) <> {Text(owner)}
        LOOP EXECUTE format('ALTER TABLE %s OWNER TO %I', owned.name, {Text(owner)}); END LOOP;
        FOR owned IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          WHERE n.nspname = {Text(schema)} AND pg_get_userbyid(p.proowner) <> {Text(owner)}
        LOOP EXECUTE format('ALTER ROUTINE %s OWNER TO %I', owned.name, {Text(owner)}); END LOOP;
        END $do$
        """;

    private static string Name(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>What the server keeps of a password (RFC 5803): it is not sent, and no log has it.</summary>
    private static string Secret(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(16);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.ASCII.GetBytes(password), salt, Iterations, HashAlgorithmName.SHA256, 32);
        var stored = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var server = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"SCRAM-SHA-256${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(stored)}:{Convert.ToBase64String(server)}";
    }
}
