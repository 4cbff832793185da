using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Modules.Tests;

/// <summary>What <c>No Reset On Close</c> rests on: a connection goes back to its pool as it was when it was opened.</summary>
[Trait(RunOnly.Trait, RunOnly.OnServers)]
public sealed class DatabaseSessionTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    private const string Left = """
        SELECT concat_ws('; ',
            (SELECT string_agg(name || ' = ' || setting, ', ') FROM pg_settings WHERE source = 'session'),
            (SELECT 'modularshop.replicating' WHERE current_setting('modularshop.replicating', true) <> ''),
            (SELECT 'role ' || current_user WHERE current_user <> session_user),
            (SELECT 'lock ' || string_agg(mode, ', ') FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory'),
            (SELECT 'listens to ' || string_agg(channel, ', ') FROM pg_listening_channels() AS channel),
            (SELECT 'table ' || string_agg(relname, ', ') FROM pg_class WHERE relnamespace = pg_my_temp_schema()),
            (SELECT 'cursor ' || string_agg(name, ', ') FROM pg_cursors WHERE is_holdable)),
            (SELECT backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid())
        """;

    [RunOnPostgreSqlFact]
    public async Task No_statement_of_the_shop_changes_a_session_for_longer_than_its_transaction()
    {
        var shopper = await Shopper.RegisterAsync(shop.Anonymous());
        var order = await shopper.BuyAsync(await shop.AddProductAsync(), 1);
        await Eventually.TrueAsync(async () => (await shopper.GetAsync($"shop/orders/{order}"))["shipment"] is not null, "the shipment");
        var bought = TimeProvider.System.GetUtcNow().UtcDateTime;

        // All modules are in one database, and so share a pool.
        var pool = await shop.ReadAsync("Catalog", db => Task.FromResult(db.Database.GetConnectionString()));
        var sessions = new List<NpgsqlConnection>();
        try
        {
            DateTime since;
            do
            {
                sessions.Add(new NpgsqlConnection(pool));
                await sessions[^1].OpenAsync();
                (var left, since) = await LookAsync(sessions[^1]);
                left.ShouldBeEmpty($"a session since {since:O}");
            }
            while (since < bought);

            sessions.Count.ShouldBeGreaterThan(1, "at least one that the shop has used, and a new one");
            await using var change = new NpgsqlCommand("SET statement_timeout = 70000; CREATE TEMP TABLE leftover (n int); SELECT pg_advisory_lock(7)", sessions[^1]);
            await change.ExecuteNonQueryAsync();
            (await LookAsync(sessions[^1])).Left.ShouldBe("statement_timeout = 70000; lock ExclusiveLock; table leftover", "what is looked for is found");
            change.CommandText = "DISCARD ALL";
            await change.ExecuteNonQueryAsync();
        }
        finally
        {
            foreach (var session in sessions)
            {
                await session.DisposeAsync();
            }
        }
    }

    private static async Task<(string Left, DateTime Since)> LookAsync(NpgsqlConnection session)
    {
        await using var look = new NpgsqlCommand(Left, session);
        await using var reader = await look.ExecuteReaderAsync();
        await reader.ReadAsync();
        return (reader.GetString(0), reader.GetDateTime(1));
    }
}
