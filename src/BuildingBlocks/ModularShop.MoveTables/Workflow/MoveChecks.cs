using System.Data.Common;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>One thing that has to be so before anything is made.</summary>
/// <param name="Problem">Why it is not, and the way out; null where all is well.</param>
public sealed record MoveCheck(string What, string? Problem);

/// <summary>Whether a module can be moved: everything that could turn out later to be impossible is asked before.</summary>
internal sealed class MoveChecks(MovePairs pairs, ServiceProbe probe, IOptions<MoveTablesOptions> options)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(100);

    public async Task<IReadOnlyList<MoveCheck>> RunAsync(MovePair pair, CancellationToken cancellationToken)
    {
        var checks = Tables(pair);
        if (checks.Any(c => c.Problem is not null))
        {
            return checks;
        }

        checks.Add(await TryAsync("The host owns the data", () => FindOwnerAsync(pair, cancellationToken)));
        checks.Add(await TryAsync("The service's database has the tables of this version", () => FindMigrationsAsync(pair, cancellationToken)));
        if (checks[^1].Problem is not null)
        {
            return checks;
        }

        checks.Add(await TryAsync("The tables of both databases have the columns of this version", () => FindColumnsAsync(pair, pair.Host, cancellationToken)));
        if (checks[^1].Problem is not null)
        {
            return checks;
        }

        checks.Add(await TryAsync("The service's tables are empty", () => FindRowsAsync(pair, cancellationToken)));
        checks.Add(await TryAsync("The service's database has room for the rows, where it says so", () => FindRoomAsync(pair, cancellationToken)));
        checks.Add(await TryAsync("Triggers and tables can be made in the host's database", () => RehearseAsync(pair.Host, cancellationToken)));
        checks.Add(await TryAsync("Triggers and tables can be made in the service's database", () => RehearseAsync(pair.Service, cancellationToken)));
        checks.Add(new MoveCheck("The service runs on a database of its own", await probe.ProblemAsync(pair.Module, isReplica: false, cancellationToken)));
        return checks;
    }

    /// <summary>
    /// What of it can be asked at any time, of a module whose tables are not being moved: whether the tables can be moved at
    /// all, and what the roles may do; of the service's database, once it has its tables.
    /// </summary>
    public async Task<IReadOnlyList<MoveCheck>> RightsAsync(MovePair pair, CancellationToken cancellationToken)
    {
        var checks = Tables(pair);
        if (checks.All(c => c.Problem is null))
        {
            checks.Add(await TryAsync("Triggers and tables can be made in the host's database", () => RehearseAsync(pair.Host, cancellationToken)));
            checks.Add(await TryAsync("The service's database has the tables of this version", () => FindMigrationsAsync(pair, cancellationToken)));
            if (checks[^1].Problem is null)
            {
                checks.Add(await TryAsync("Triggers and tables can be made in the service's database", () => RehearseAsync(pair.Service, cancellationToken)));
            }
        }

        return checks;
    }

    /// <summary>What will be executed on either side, for people to read before it is.</summary>
    public static IReadOnlyList<string> Statements(MovePair pair) =>
    [
        .. new[] { pair.Host, pair.Service }.SelectMany(side => (side == pair.Host ? side.Engine.CreateMoveTables(side.Schema) : [])
            .Append(side.Engine.CreateCoordinator(side.Schema)).Concat(side.Engine.CreatePlumbing(side.Schema))
            .Concat(side.Tables.InOrder.SelectMany(t => side.Engine.CreateTriggers(side.Schema, t))).Select(s => $"-- in {side.Name}\n{s}")),
        .. pair.Indexes.Drop.Select(s => $"-- in {pair.Service.Name}, until all rows are copied\n{s}"),
    ];

    private static List<MoveCheck> Tables(MovePair pair) =>
    [
        new("Every table has a primary key, and values that all engines keep alike", Unsupported(pair)),
        new(
            "The service's database is another one than the host's",
            pair.Host.ConnectionString == pair.Service.ConnectionString ? $"MoveTables:Targets:{pair.Module.Name} names the host's own database. Name that of the service." : null),
    ];

    private static string? Unsupported(MovePair pair) => pair.Tables.Unsupported.Union(pair.Service.Tables.Unsupported, StringComparer.Ordinal).ToList() is { Count: > 0 } problems ? string.Join(' ', problems) : null;

    private async Task<string?> FindMigrationsAsync(MovePair pair, CancellationToken cancellationToken)
    {
        await using var context = pairs.OpenTarget(pair.Module, options.Value.Targets[pair.Module.Name]);
        if (context.Provider is DatabaseProvider.Sqlite && !File.Exists(context.Database.GetDbConnection().DataSource))
        {
            return $"There is no {context.Database.GetDbConnection().DataSource}. Start the service with Service:Data Own and a Database section that names it: it makes its tables.";
        }

        var known = context.Database.GetMigrations().ToList();
        var applied = (await context.Database.GetAppliedMigrationsAsync(cancellationToken)).ToList();
        return known.Except(applied, StringComparer.Ordinal).FirstOrDefault() is { } missing
            ? $"{pair.Target} lacks {missing}: it is older than this program. Start the service in this version, or run it with --migrate."
            : applied.Except(known, StringComparer.Ordinal).FirstOrDefault() is { } unknown
                ? $"{pair.Target} has {unknown}, which this program does not know: the service is newer than the host. Bring the host to the same version."
                : null;
    }

    /// <remarks>Rows travel by the columns of the model: what somebody has added by hand where they are read would be left behind, and on the other side it stays NULL.</remarks>
    /// <param name="written">The side whose rows are carried over.</param>
    public static async Task<string?> FindColumnsAsync(MovePair pair, MoveSide written, CancellationToken cancellationToken)
    {
        foreach (var side in new[] { pair.Host, pair.Service })
        {
            await using var connection = await side.OpenAsync(cancellationToken);
            foreach (var table in side.Tables.InOrder)
            {
                var there = await side.Engine.ColumnsAsync(connection, side.Schema, table.Name, cancellationToken);
                var known = table.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
                if (known.Except(there.Select(c => c.ColumnName), StringComparer.Ordinal).FirstOrDefault() is { } missing)
                {
                    return $"{table}.{missing} is not in {side}: it was dropped or renamed by hand. Give it back the name and type that the migrations gave it.";
                }

                if (side != written && table.Columns.FirstOrDefault(c => c.MaxLength is { } most && there.First(t => t.ColumnName == c.Name).ColumnSize is > 0 and var size && size < most) is { } narrow)
                {
                    return $"{table}.{narrow.Name} in {side} takes less than the {narrow.MaxLength} of the module's model: it was made narrower by hand, and a value would not fit. Make it as wide.";
                }

                if (there.FirstOrDefault(c => !known.Contains(c.ColumnName) && (side == written || c.AllowDBNull is false)) is { ColumnName: var unknown })
                {
                    return side == written
                        ? $"{table}.{unknown} in {side} is not in the module's model: what is in it would be left behind. Add it to the model with a migration, or drop it."
                        : $"{table}.{unknown} in {side} is not in the module's model and takes no NULL: no row could be written. Let it take NULL, or drop it.";
                }
            }
        }

        return null;
    }

    private static async Task<string?> FindOwnerAsync(MovePair pair, CancellationToken cancellationToken)
    {
        await using var connection = await pair.Host.OpenAsync(cancellationToken);
        return await pair.Host.ReadOwnershipAsync(connection, cancellationToken) switch
        {
            { Owner: Owner.Service } => $"The service writes {pair.Module.Name} by now, in the host's database. Let the host write first: './shop owner set {pair.Module.Name} Monolith'.",
            { IsFenced: true } => $"Nobody writes {pair.Module.Name} at this moment: its owner is being changed. Look at './shop owner list', and try again.",
            _ => null,
        };
    }

    private static async Task<string?> FindRowsAsync(MovePair pair, CancellationToken cancellationToken)
    {
        await using var connection = await pair.Service.OpenAsync(cancellationToken);
        foreach (var table in pair.Tables.InOrder)
        {
            if ((await pair.Service.ReadKeyChunkAsync(connection, table, null, 1, cancellationToken)).Count > 0)
            {
                return $"{table} in {pair.Target} has rows. They would be mixed with those that are moved: name an empty database, or empty this one.";
            }
        }

        return (await pair.Service.ReadTokenAsync(connection, cancellationToken)).Workflow is { } other
            ? $"{pair.Target} is being moved to by another host's move ({other}). Name another database, or cancel that move."
            : await pair.Service.ReadOwnershipAsync(connection, cancellationToken) is var left && left == Ownerships.AtFirst ? null
            : $"{pair.Target} says that the {left.Owner} owns {pair.Module.Name} in epoch {left.Epoch}: it was part of a move before. Name a new database, or delete the row of {pair.Module.Name} in {pair.Service.Table("ownership")}.";
    }

    /// <remarks>Once for the rows, and half as much for what is written before it is in its place.</remarks>
    private static async Task<string?> FindRoomAsync(MovePair pair, CancellationToken cancellationToken)
    {
        if (pair.Service.Engine.Room(pair.Service.ConnectionString) is not { } room)
        {
            return null;
        }

        await using var connection = await pair.Host.OpenAsync(cancellationToken);
        var needed = await connection.ScalarAsync<long>(null, pair.Host.Engine.SizeSql, cancellationToken, ("@schema", pair.Host.Schema)) * 3 / 2;
        return room < needed
            ? $"{pair.Target} has room for {room >> 20} MB, and {needed >> 20} MB are needed: the tables of {pair.Module.Name} take {needed * 2 / 3 >> 20} MB in the host's database. Make room, or name another place."
            : null;
    }

    /// <summary>Does it all, table by table, and takes it back.</summary>
    private static async Task<string?> RehearseAsync(MoveSide side, CancellationToken cancellationToken)
    {
        await using var connection = await side.OpenAsync(cancellationToken);
        foreach (var table in side.Tables.InOrder)
        {
            var waited = Stopwatch.StartNew();
            while (!await TryRehearseAsync(side, table, connection, cancellationToken))
            {
                if (waited.Elapsed >= Patience)
                {
                    var blockers = await side.Engine.BlockersAsync(connection, side.Schema, side.Tables, cancellationToken);
                    return $"{table} in {side} is held by {blockers ?? "a transaction that does not end"}. Try again when it has ended.";
                }

                await Task.Delay(BetweenAttempts, cancellationToken);
            }
        }

        return null;
    }

    /// <returns>False where somebody else holds the table: another write, or another one who asks.</returns>
    private static async Task<bool> TryRehearseAsync(MoveSide side, MovedTable table, DbConnection connection, CancellationToken cancellationToken)
    {
        using var turn = await side.EnterAsync(cancellationToken);
        try
        {
            await using var transaction = await side.Engine.BeginWriteAsync(connection, cancellationToken);
            await side.Engine.LimitLockWaitAsync(connection, transaction, cancellationToken);
            foreach (var statement in side.Engine.CreatePlumbing(side.Schema).Concat(side.Engine.CreateTriggers(side.Schema, table)))
            {
                await connection.ExecuteAsync(transaction, statement, cancellationToken);
            }

            await transaction.RollbackAsync(cancellationToken);
            return true;
        }
        catch (Exception e) when (side.Engine.IsBlocked(e))
        {
            return false;
        }
    }

    private static async Task<MoveCheck> TryAsync(string what, Func<Task<string?>> check)
    {
        try
        {
            return new MoveCheck(what, await check());
        }
        catch (Exception e) when (e is DbException or IOException or UnfitDatabaseException)
        {
            return new MoveCheck(
                what,
                e.IsRightMissing() ? $"The role lacks a right: {e.DatabaseMessage()} Moves need the role that migrates, which owns the tables: name it in MigrationConnectionString."
                : $"{e.DatabaseMessage()} Check that the database is up, and what Database and MoveTables:Targets say.");
        }
    }
}
