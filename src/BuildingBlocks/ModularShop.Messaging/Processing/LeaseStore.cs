using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>
/// The lease row of one module: who may do its background work on this database, by the database's clock. It neither moves
/// with the module's data nor is it fenced: the other database has one of its own.
/// </summary>
internal sealed class LeaseStore(LoadedModule module, Deployable here, IServiceScopeFactory scopes, IOptions<DatabaseOptions> database)
{
    private const string Name = "processing";

    // No lease lasts longer: one that seems to was given before the clock went back.
    private const long LongestMilliseconds = 60_000;

    /// <summary>
    /// Whether another process can take a lease that has expired while a renewal is on its way. Not so on SQLite: what a
    /// renewal waits for there is a transaction of this process, which keeps all others from writing as well.
    /// </summary>
    public bool CanBeTakenMeanwhile => database.Value.Provider is not DatabaseProvider.Sqlite;

    /// <summary>
    /// Takes the lease if it is free or ours, or extends it; null while another process holds it, and where the
    /// database says that the module's data is owned elsewhere, or that nobody writes it for the moment.
    /// </summary>
    public async Task<HeldLease?> AcquireAsync(string holder, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope);
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        var table = Table(context);
        var now = Now(context);
        var isOwner = $"""COALESCE((SELECT CASE WHEN "Fenced" = @fenced THEN 'Nobody' ELSE "Owner" END FROM {SetBasedSql.TableOf(context, typeof(OwnershipRow))} WHERE "Module" = @module), '{Owner.Monolith}') = @side""";
        var parameters = new[]
        {
            ("@name", (object)Name), ("@holder", holder), ("@duration", (long)duration.TotalMilliseconds), ("@module", module.Name), ("@side", here.Side.ToString()), ("@fenced", true),
        };
        var taken = await ExecuteAsync(context, $"""
            UPDATE {table} SET "Token" = CASE WHEN "Holder" = @holder THEN "Token" ELSE "Token" + 1 END, "Holder" = @holder, "ExpiresAt" = {now} + @duration
            WHERE "Name" = @name AND ("Holder" = @holder OR "ExpiresAt" < {now} OR "ExpiresAt" > {now} + {LongestMilliseconds}) AND {isOwner}
            """, cancellationToken, parameters);
        if (taken == 0)
        {
            // The first process ever; where two insert at once, one fails on the key and finds the row next time.
            taken = await ExecuteAsync(context, $"""
                INSERT INTO {table} ("Name", "Holder", "Token", "ExpiresAt")
                SELECT @name, @holder, 1, {now} + @duration WHERE NOT EXISTS (SELECT 1 FROM {table} WHERE "Name" = @name) AND {isOwner}
                """, cancellationToken, parameters);
        }

        var token = taken == 0 ? null : await context.Set<LeaseRow>().Where(l => l.Name == Name).Select(l => (long?)l.Token).SingleAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return token is { } held ? new HeldLease(holder, held) : null;
    }

    /// <summary>Gives the lease up, so that another process takes it at once.</summary>
    public async Task ReleaseAsync(HeldLease lease, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope);
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        await ExecuteAsync(context, $"""UPDATE {Table(context)} SET "ExpiresAt" = 0 WHERE "Name" = @name AND "Holder" = @holder AND "Token" = @token""",
            cancellationToken, ("@name", Name), ("@holder", lease.Holder), ("@token", lease.Token));
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>
    /// The fence: inside the caller's transaction, fails unless the lease is still ours, and keeps it so until
    /// the commit. A process that was stopped, and wakes up after its lease went to another, commits nothing. It is
    /// the last statement before the commit: from there on nobody can renew the lease either.
    /// </summary>
    /// <exception cref="LeaseLostException">Another process holds the lease.</exception>
    public static async Task AssertHeldAsync(ModuleDbContext context, HeldLease lease, CancellationToken cancellationToken)
    {
        var (hint, suffix) = context.Database.ProviderName switch
        {
            "Npgsql.EntityFrameworkCore.PostgreSQL" => ("", " FOR SHARE"),
            "Microsoft.EntityFrameworkCore.SqlServer" => (" WITH (HOLDLOCK)", ""),
            _ => ("", ""), // SQLite: the transaction is the only writer
        };
        await using var command = Command(context, $"""SELECT "Token" FROM {Table(context)}{hint} WHERE "Name" = @name AND "Holder" = @holder{suffix}""",
            ("@name", Name), ("@holder", lease.Holder));
        if (await command.ExecuteScalarAsync(cancellationToken) is not long token || token != lease.Token)
        {
            throw new LeaseLostException($"The processing lease of '{context.Schema}' is no longer held with token {lease.Token}.");
        }
    }

    private static string Now(ModuleDbContext context) => DatabaseClock.Now(context.Provider);

    private static string Table(ModuleDbContext context) => SetBasedSql.TableOf(context, typeof(LeaseRow));

    private static async Task<int> ExecuteAsync(ModuleDbContext context, string sql, CancellationToken cancellationToken, params (string Name, object Value)[] parameters)
    {
        await using var command = Command(context, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(ModuleDbContext context, string sql, params (string Name, object Value)[] parameters)
    {
        var command = context.Database.GetDbConnection().CreateCommand();
        command.Transaction = context.Database.CurrentTransaction?.GetDbTransaction();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private ModuleDbContext Context(AsyncServiceScope scope) => (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
}
