using System.Security.Authentication;
using BuildingBlocks.Tests.Sender;
using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace BuildingBlocks.Tests.Modularity;

/// <summary>What counts as the database's fault, and what a lost connection takes with it.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
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

    [Theory]
    [InlineData(-2, true, false)] // no answer in time
    [InlineData(701, true, false)] // out of memory
    [InlineData(976, true, false)] // a secondary replica
    [InlineData(983, true, false)] // a replica that is changing
    [InlineData(1101, true, false)] // tempdb is full
    [InlineData(1105, true, false)] // the data is full
    [InlineData(1204, true, false)] // out of locks
    [InlineData(6005, true, false)] // shutting down
    [InlineData(8645, true, false)] // no memory for a query in time
    [InlineData(9002, true, false)] // the log is full
    [InlineData(17142, true, false)] // paused
    [InlineData(40613, true, false)] // Azure: moving
    [InlineData(1205, false, true)] // deadlock
    [InlineData(3960, false, true)] // snapshot conflict
    [InlineData(2627, false, false)] // a duplicate key
    [InlineData(208, false, false)] // no such table
    public void Of_sql_server_a_deadlock_is_run_again_and_what_can_succeed_later_is_unavailable(int number, bool unavailable, bool deadlock)
    {
        // The one that tells need not be the first.
        foreach (var fault in new[] { SqlServerFault.Of(number), SqlServerFault.Of(3621, number), SqlServerFault.Of(number, 3621) })
        {
            var saving = new DbUpdateException("while saving", fault);
            (saving.IsDatabaseUnavailable(), saving.IsDeadlock(), saving.IsUniqueViolation()).ShouldBe((unavailable, deadlock, number == 2627));
        }
    }

    [Fact]
    public async Task Of_sql_server_a_connection_that_is_gone_or_not_to_be_had_is_unavailable()
    {
        SqlServerFault.Lost().IsDatabaseUnavailable().ShouldBeTrue();
        await using var never = new SqlConnection("Server=never-connected");
        await using var command = new SqlCommand("SELECT 1", never);
        var closed = await Should.ThrowAsync<InvalidOperationException>(() => command.ExecuteScalarAsync());
        closed.IsDatabaseUnavailable().ShouldBeTrue();
        new InvalidOperationException("a bug").IsDatabaseUnavailable().ShouldBeFalse();
    }

    [Fact]
    public void Of_sql_server_a_certificate_that_is_not_trusted_is_told_from_a_server_that_is_away()
    {
        SqlServerFault.Lost(new AuthenticationException("The remote certificate was rejected.")).IsCertificateRefused().ShouldBeTrue();
        SqlServerFault.Of(unchecked((int)0x80090325)).IsCertificateRefused().ShouldBeTrue();
        SqlServerFault.Lost(new AuthenticationException("see inside", new IOException())).IsCertificateRefused().ShouldBeFalse();
        SqlServerFault.Lost(new IOException()).IsCertificateRefused().ShouldBeFalse();
        SqlServerFault.Lost().IsCertificateRefused().ShouldBeFalse();
    }

    [Fact]
    public async Task Whoever_was_told_to_stop_was_cancelled_whatever_the_driver_calls_it()
    {
        using var stop = new CancellationTokenSource();
        foreach (var fault in new Exception[] { new OperationCanceledException(), SqlServerFault.Cancelled(), new DbUpdateException("while saving", SqlServerFault.Cancelled()) })
        {
            fault.IsCancelled(stop.Token).ShouldBeFalse("nobody has said so");
        }

        await stop.CancelAsync();
        new OperationCanceledException().IsCancelled(stop.Token).ShouldBeTrue();
        SqlServerFault.Cancelled().IsCancelled(stop.Token).ShouldBeTrue();
        new DbUpdateException("while saving", SqlServerFault.Cancelled()).IsCancelled(stop.Token).ShouldBeTrue();
        SqlServerFault.Of(2627).IsCancelled(stop.Token).ShouldBeFalse();
        new InvalidOperationException("a bug").IsCancelled(stop.Token).ShouldBeFalse();
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
