using Microsoft.EntityFrameworkCore;

namespace ModularShop.Modularity.Data;

/// <summary>What time it is by a database: the one clock that all its processes have in common.</summary>
internal static class DatabaseClock
{
    /// <summary>An expression of its SQL: milliseconds since 1970.</summary>
    public static string Now(DatabaseProvider provider) => provider switch
    {
        DatabaseProvider.PostgreSql => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)",
        DatabaseProvider.SqlServer => "DATEDIFF_BIG(millisecond, '1970-01-01', SYSUTCDATETIME())",
        _ => "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
    };

    public static async Task<DateTimeOffset> ReadAsync(ModuleDbContext context, CancellationToken cancellationToken)
    {
        var sql = $"SELECT {Now(context.Provider)} AS \"Value\"";
        return DateTimeOffset.FromUnixTimeMilliseconds(await context.Database.SqlQueryRaw<long>(sql).SingleAsync(cancellationToken));
    }
}
