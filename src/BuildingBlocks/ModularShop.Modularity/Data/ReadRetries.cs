using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql.EntityFrameworkCore.PostgreSQL;

namespace ModularShop.Modularity.Data;

/// <summary>
/// Connection resiliency on PostgreSQL: a read outside a transaction that fails because the connection does is done
/// again, three times within a second. What writes is not: whether a commit that got no answer took place is not
/// known here, and the way out, running the request again from the start, is its sender's.
/// </summary>
internal sealed class PostgreSqlReadRetries(ExecutionStrategyDependencies dependencies)
    : NpgsqlRetryingExecutionStrategy(dependencies, ReadRetries.Times, ReadRetries.LongestPause, errorCodesToAdd: null)
{
    public override bool RetriesOnFailure => base.RetriesOnFailure && ReadRetries.IsReading(Dependencies);

    protected override bool ShouldRetryOn(Exception? exception) => ReadRetries.IsReading(Dependencies) && base.ShouldRetryOn(exception);
}

/// <inheritdoc cref="PostgreSqlReadRetries"/>
internal sealed class SqlServerReadRetries(ExecutionStrategyDependencies dependencies)
    : SqlServerRetryingExecutionStrategy(dependencies, ReadRetries.Times, ReadRetries.LongestPause, errorNumbersToAdd: null)
{
    public override bool RetriesOnFailure => base.RetriesOnFailure && ReadRetries.IsReading(Dependencies);

    protected override bool ShouldRetryOn(Exception exception) => ReadRetries.IsReading(Dependencies) && base.ShouldRetryOn(exception);
}

internal static class ReadRetries
{
    public const int Times = 3;

    public static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    public static bool IsReading(ExecutionStrategyDependencies dependencies) =>
        dependencies.CurrentContext.Context is ModuleDbContext { IsWriting: false };
}
