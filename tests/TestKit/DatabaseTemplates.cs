using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using ModularShop.Messaging;
using ModularShop.Modularity.Data;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>
/// Databases that are copied, because to make their tables anew for every test takes longer than many a test. What is copied a
/// host has made, once in this process. Tests of what a first start does begin with an empty one.
/// </summary>
internal static class DatabaseTemplates
{
    private static readonly ConcurrentDictionary<(DatabaseProvider Engine, bool IsFilled), Lazy<Task<Func<Task<TestDatabase>>>>> Made = new();

    /// <param name="isFilled">With all that a first start in Development leaves; else migrated, and no more.</param>
    /// <remarks>SQL Server has no templates: there it is an empty database, and whoever starts on it makes its tables.</remarks>
    public static async Task<TestDatabase> CopyAsync(DatabaseProvider engine, bool isFilled)
    {
        if (engine is DatabaseProvider.SqlServer)
        {
            return await TestDatabase.CreateAsync(engine);
        }

        var made = Made.GetOrAdd((engine, isFilled), key => new(() => MakeAsync(key.Engine, key.IsFilled)));
        Func<Task<TestDatabase>> copy;
        try
        {
            copy = await made.Value;
        }
        catch
        {
            // The next test tries again: one that failed for a reason of its own must not fail all others.
            Made.TryRemove(KeyValuePair.Create((engine, isFilled), made));
            throw;
        }

        return await copy();
    }

    private static async Task<Func<Task<TestDatabase>>> MakeAsync(DatabaseProvider engine, bool isFilled)
    {
        var database = await TestDatabase.CreateAsync(engine);
        if (isFilled)
        {
            await FillAsync(database);
        }
        else
        {
            var (exitCode, output) = await HostProcess.MigrateAsync(database);
            exitCode.ShouldBe(0, output);
        }

        if (engine is DatabaseProvider.PostgreSql)
        {
            var server = await PostgreSqlServer.SharedAsync();
            var template = await server.CloseAsync(database.ConnectionString!);
            Directory.Delete(database.Folder, recursive: true);
            return () => TestDatabase.OnAsync(server, template: template);
        }

        // What is not in the files yet is in the logs beside them; a connection that is open makes the rest anew.
        var files = Directory.EnumerateFiles(database.Folder, "*.db*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)).ToDictionary(f => Path.GetFileName(f), File.ReadAllBytes, StringComparer.Ordinal);
        await database.DisposeAsync();
        return async () =>
        {
            var copy = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
            foreach (var (name, content) in files)
            {
                await File.WriteAllBytesAsync(Path.Combine(copy.Folder, name), content);
            }

            return copy;
        };
    }

    /// <summary>Starts a host, and ends it in an orderly way when nothing is left to be done.</summary>
    private static async Task FillAsync(TestDatabase database)
    {
        await using var host = await HostProcess.StartAndWaitAsync(database);
        await Eventually.TrueAsync(() => IsQuietAsync(database), "what the first start tells others to be handled");
        (await host.StopAsync()).ShouldBe(0, host.Output);
    }

    private static async Task<bool> IsQuietAsync(TestDatabase database)
    {
        var left = 0;
        foreach (var context in database.OpenAll())
        {
            await using (context)
            {
                left += await context.Set<OutboxMessage>().CountAsync() + await context.Set<InboxMessage>().CountAsync(m => m.State == InboxState.Pending);
            }
        }

        return left == 0;
    }
}
