using BuildingBlocks.Tests.Sender;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace BuildingBlocks.Tests.Modularity;

/// <summary>What counts as the database's fault, and what a lost connection takes with it.</summary>
public sealed class DatabaseFaultTests
{
    [Theory]
    [InlineData(5, true)] // busy
    [InlineData(8, true)] // read-only
    [InlineData(10, true)] // I/O
    [InlineData(13, true)] // full
    [InlineData(14, true)] // cannot open
    [InlineData(1, false)] // the statement is wrong
    [InlineData(19, false)] // a constraint
    public void Of_sqlite_what_can_succeed_later_is_unavailable(int code, bool unavailable)
    {
        var fault = new DbUpdateException("while saving", new SqliteException("no", code));
        fault.IsDatabaseUnavailable().ShouldBe(unavailable);
        fault.IsDeadlock().ShouldBeFalse();
    }

    [Theory]
    [InlineData("53100", true, false)] // disk full
    [InlineData("57P03", true, false)] // still starting
    [InlineData("25P03", true, false)] // idle in a transaction for too long
    [InlineData("40P01", false, true)] // deadlock
    [InlineData("40001", false, true)] // serialisation
    [InlineData("23505", false, false)] // a duplicate key
    [InlineData("42P01", false, false)] // no such table
    public void Of_postgresql_a_deadlock_is_run_again_and_what_can_succeed_later_is_unavailable(string state, bool unavailable, bool deadlock)
    {
        var fault = new DbUpdateException("while saving", new PostgresException("no", "ERROR", "ERROR", state));
        fault.IsDatabaseUnavailable().ShouldBe(unavailable);
        fault.IsDeadlock().ShouldBe(deadlock);
    }

    [Fact]
    public Task On_sqlite_a_write_that_is_denied_is_told_from_other_faults() => IsDeniedAsync(DatabaseProvider.Sqlite);

    [PostgreSqlFact]
    public Task On_postgresql_a_write_that_is_denied_is_told_from_other_faults() => IsDeniedAsync(DatabaseProvider.PostgreSql);

    private static async Task IsDeniedAsync(DatabaseProvider engine)
    {
        await using var database = await TestDatabase.CreateAsync(engine);
        await using var host = await Host.BuildAsync(database);
        var emptied = $"DELETE FROM {await host.InSenderAsync(db => Task.FromResult(SetBasedSql.TableOf(db, typeof(OutboxMessage))))}";
        await host.SpeakAsync("ann", ann => ann.Whisper());
        await new Fence(database, "Sender").RaiseAsync();
        foreach (var denied in new Func<Task>[]
        {
            () => host.SpeakAsync("bob", bob => bob.Whisper()),
            () => host.SpeakAsync("ann", ann => ann.Whisper()),
            () => host.InSenderAsync(db => db.Database.ExecuteSqlRawAsync(emptied)),
        })
        {
            var fault = await Should.ThrowAsync<Exception>(denied);
            fault.IsModuleMoved().ShouldBeTrue(fault.ToString());
            (fault.IsDatabaseUnavailable(), fault.IsDeadlock(), fault is DbUpdateException saved && saved.IsLostRace()).ShouldBe((false, false, false));
        }

        await new Fence(database, "Sender").LowerAsync();
        await host.SpeakAsync("bob", bob => bob.Whisper());
        (await host.OutboxAsync()).ShouldBe(2);
    }

    [PostgreSqlFact]
    public async Task A_read_survives_the_loss_of_its_connection_and_a_transaction_does_not()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        await using var host = await Host.BuildAsync(database);
        await host.SpeakAsync("ann", ann => ann.Whisper());

        await CutAsync(database);
        (await host.OutboxAsync()).ShouldBe(1);

        var lost = await Should.ThrowAsync<Exception>(() => host.InSenderAsync(async db =>
        {
            await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
            await CutAsync(database);
            db.Add(new Speaker { Name = "bob" });
            var saved = await db.SaveChangesAsync();
            await transaction.CommitAsync(CancellationToken.None);
            return saved;
        }));
        lost.IsDatabaseUnavailable().ShouldBeTrue();
        (await host.InSenderAsync(db => db.Set<Speaker>().CountAsync())).ShouldBe(1);
    }

    private static async Task CutAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection($"{database.ConnectionString};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", connection);
        (await command.ExecuteScalarAsync()).ShouldBeOfType<long>().ShouldBePositive();
    }
}
