using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace ModularShop.Modularity.Data;

/// <summary>One process at a time migrates and seeds a module's database. The lock of a process that dies is free at once.</summary>
internal static class StartupLock
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    public static async Task<IAsyncDisposable> TakeAsync(
        ModuleDbContext context, TimeSpan patience, Action waiting, TimeProvider time, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        var told = false;
        while (true)
        {
            if (await TryTakeAsync(context, cancellationToken) is { } taken)
            {
                return taken;
            }

            if (waited.Elapsed > patience)
            {
                throw new DatabaseStartupException(
                    $"Another process has been migrating the database of '{context.Schema}' for more than {patience.TotalSeconds} s. Wait for it, or raise Database:StartupWaitSeconds.");
            }

            if (!told)
            {
                told = true;
                waiting();
            }

            await Task.Delay(Pace, time, cancellationToken);
        }
    }

    private static async Task<IAsyncDisposable?> TryTakeAsync(ModuleDbContext context, CancellationToken cancellationToken)
    {
        if (context.Provider is DatabaseProvider.Sqlite)
        {
            try
            {
                var path = new SqliteConnectionStringBuilder(context.Database.GetConnectionString()).DataSource + ".migrating";
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException)
            {
                return null;
            }
        }

        // Both locks belong to the session: the connection stays open for as long as they are held.
        await context.Database.OpenConnectionAsync(cancellationToken);
        try
        {
            var session = new SessionLock(context);
            if (await session.TakeAsync(cancellationToken))
            {
                return session;
            }
        }
        catch
        {
            await context.Database.CloseConnectionAsync();
            throw;
        }

        await context.Database.CloseConnectionAsync();
        return null;
    }

    private sealed class SessionLock(ModuleDbContext context) : IAsyncDisposable
    {
        private readonly bool _postgreSql = context.Provider is DatabaseProvider.PostgreSql;

        public async Task<bool> TakeAsync(CancellationToken cancellationToken)
        {
            var name = $"modularshop:{context.Schema}";
            return _postgreSql
                ? await context.Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock(hashtextextended({name}, 0)) AS \"Value\"").SingleAsync(cancellationToken)
                : await SqlServerAsync(name, cancellationToken) >= 0;
        }

        public async ValueTask DisposeAsync()
        {
            var name = $"modularshop:{context.Schema}";
            if (_postgreSql)
            {
                await context.Database.SqlQuery<bool>($"SELECT pg_advisory_unlock(hashtextextended({name}, 0)) AS \"Value\"").SingleAsync();
            }
            else
            {
                await context.Database.ExecuteSqlAsync($"EXEC sp_releaseapplock @Resource = {name}, @LockOwner = 'Session'");
            }

            await context.Database.CloseConnectionAsync();
        }

        private async Task<int> SqlServerAsync(string name, CancellationToken cancellationToken)
        {
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = "DECLARE @taken int; EXEC @taken = sp_getapplock @Resource = @name, @LockMode = 'Exclusive', @LockOwner = 'Session', @LockTimeout = 0; SELECT @taken;";
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ("@name", name);
            command.Parameters.Add(parameter);
            return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
    }
}
