using System.Runtime.CompilerServices;
using ModularShop.Modularity.Data;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>A fact about PostgreSQL; skipped, with the reason, where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgreSqlFactAttribute : FactAttribute
{
    public PostgreSqlFactAttribute() => Skip = PostgreSqlServer.Missing;
}

/// <inheritdoc cref="PostgreSqlFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgreSqlTheoryAttribute : TheoryAttribute
{
    public PostgreSqlTheoryAttribute() => Skip = PostgreSqlServer.Missing;
}

/// <summary>A fact about a shop whose databases are PostgreSQL; skipped, with the reason, in a run on another engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RunOnPostgreSqlFactAttribute : FactAttribute
{
    public RunOnPostgreSqlFactAttribute() => Skip = TestDatabase.Engine is DatabaseProvider.PostgreSql ? null : $"The databases of this run are {TestDatabase.Engine}.";
}

/// <summary>A fact about SQL Server; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SqlServerFactAttribute : FactAttribute
{
    /// <param name="test">In the name, because dotnet test prints names and no reasons.</param>
    public SqlServerFactAttribute([CallerMemberName] string? test = null)
    {
        Skip = SqlServer.Missing;
        DisplayName = Skip is null ? null : $"{test} ({Skip})";
    }
}
