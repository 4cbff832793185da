using Microsoft.EntityFrameworkCore;
using ModularShop.Modularity.Data;

namespace ModularShop.Modularity.Deployables;

/// <summary>What a move of a module's tables leaves in both databases for as long as it lasts, for those who would spoil it.</summary>
internal static class MoveMark
{
    /// <summary>The table of the keys of all rows that have been written.</summary>
    public const string Table = "change_log";

    public static Task<bool> IsThereAsync(ModuleDbContext context, CancellationToken cancellationToken) => IsThereAsync(context, Table, cancellationToken);

    /// <summary>Whether a completed move has retired the module's tables here: its data is in its service's database alone.</summary>
    public static async Task<bool> IsRetiredAsync(ModuleDbContext context, string module, CancellationToken cancellationToken) =>
        await IsThereAsync(context, "replication", cancellationToken)
        && await context.Set<ReplicationRow>().AnyAsync(r => r.Module == module && r.State == ReplicationState.Retired, cancellationToken);

    /// <summary>Whether the module's schema has a table of the name.</summary>
    public static async Task<bool> IsThereAsync(ModuleDbContext context, string table, CancellationToken cancellationToken)
    {
        var count = context.Provider switch
        {
            DatabaseProvider.Sqlite => $"SELECT count(*) AS \"Value\" FROM sqlite_master WHERE type = 'table' AND name = '{table}'",
            DatabaseProvider.PostgreSql => $"SELECT (to_regclass('\"{context.Schema}\".\"{table}\"') IS NOT NULL)::int AS \"Value\"",
            _ => $"SELECT CASE WHEN OBJECT_ID(N'[{context.Schema}].[{table}]', N'U') IS NULL THEN 0 ELSE 1 END AS [Value]",
        };
        return await context.Database.SqlQueryRaw<int>(count).SingleAsync(cancellationToken) > 0;
    }
}
