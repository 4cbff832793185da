using System.Collections.Frozen;

namespace Playbook.Tests;

/// <summary>What some commands need on the machine. Continuous integration has all of it but SQL Server.</summary>
internal static class Requirements
{
    public const string PostgreSql = "postgresql";

    public const string SqlServerEngine = "sqlserver";

    private const string Node = "node";

    public static readonly FrozenSet<string> Known = new[] { PostgreSql, SqlServerEngine, Node }.ToFrozenSet(StringComparer.Ordinal);

    public static bool AreMet(string? needs) => needs switch
    {
        null => true,
        PostgreSql => PostgreSqlServer.Missing is null,
        SqlServerEngine => SqlServer.Missing is null,
        _ => Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, needs))),
    };
}
