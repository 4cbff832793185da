using System.Data;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using ModularShop.Modularity.Data;

namespace ModularShop.Modularity.Deployables;

/// <summary>
/// Both rows of a module in one statement: they are changed together, and half of a change would be believed. In SQL, for
/// no query of EF's joins two tables of which either may be empty.
/// </summary>
internal static class OwnershipRows
{
    public static Task<(OwnershipDetails Details, Replication? Replication)> ReadAsync(ModuleDbContext context, string module, CancellationToken cancellationToken) =>
        context.Database.CreateExecutionStrategy().ExecuteAsync(
            async token =>
            {
                await context.Database.OpenConnectionAsync(token);
                try
                {
                    await using var command = Command(context, module);
                    await using var row = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, token);
                    await row.ReadAsync(token);
                    return (DetailsOf(row, module), ReplicationOf(row));
                }
                finally
                {
                    await context.Database.CloseConnectionAsync();
                }
            },
            cancellationToken);

    private static DbCommand Command(ModuleDbContext context, string module)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = $"""
            SELECT o."Owner", o."Epoch", o."Fenced", o."ChangedAt", o."By", o."Reason", r."State", r."CaughtUpAt", r."Reason"
            FROM (SELECT 1 AS "One") AS one
            LEFT JOIN {Table("ownership")} o ON o."Module" = @module
            LEFT JOIN {Table("replication")} r ON r."Module" = @module
            """;
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = ("@module", module);
        command.Parameters.Add(parameter);
        return command;

        string Table(string name) => context.Provider is DatabaseProvider.Sqlite ? $"\"{name}\"" : $"\"{context.Schema}\".\"{name}\"";
    }

    private static OwnershipDetails DetailsOf(DbDataReader row, string module) => row.IsDBNull(0)
        ? new OwnershipDetails(module, Owner.Monolith, 1, Fenced: false, null, null, null)
        : new OwnershipDetails(module, Enum.Parse<Owner>(row.GetString(0)), row.GetInt64(1), row.GetBoolean(2), Instant(row, 3), row.GetString(4), row.GetString(5));

    private static Replication? ReplicationOf(DbDataReader row) => row.IsDBNull(6)
        ? null
        : new Replication(Enum.Parse<ReplicationState>(row.GetString(6)), Instant(row, 7), row.IsDBNull(8) ? null : row.GetString(8));

    private static DateTimeOffset? Instant(DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTimeOffset(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc));
}
