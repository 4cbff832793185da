using System.Data.Common;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;

namespace Benchmarks.Messages;

/// <summary>
/// The engine's own limit: the rows that a message costs, inserted, updated and deleted by prepared statements in
/// transactions of a hundred messages, with nothing around them.
/// </summary>
internal static class BareRows
{
    private const int PerTransaction = 100;

    public static async Task<double> RunAsync(WebApplication app, int messages)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var producer = scope.ServiceProvider.GetRequiredService<ProducerDbContext>().Database;
        var consumer = scope.ServiceProvider.GetRequiredService<ConsumerDbContext>().Database;
        await producer.OpenConnectionAsync();
        await consumer.OpenConnectionAsync();
        var started = Stopwatch.StartNew();
        await using (var publish = await Statements.PrepareAsync(producer.GetDbConnection(), "bare_outbox"))
        await using (var deliver = await Statements.PrepareAsync(consumer.GetDbConnection(), "bare_inbox"))
        await using (var handle = await Statements.PrepareAsync(consumer.GetDbConnection(), "bare_row"))
        {
            for (var batch = 0; batch < messages / PerTransaction; batch++)
            {
                var ids = Enumerable.Range(0, PerTransaction).Select(_ => Guid.CreateVersion7().ToString()).ToList();
                await publish.InTransactionAsync(ids, publish.Insert);
                await deliver.InTransactionAsync(ids, deliver.Insert);
                await publish.InTransactionAsync(ids, publish.Delete);
                await deliver.InTransactionAsync(ids, deliver.Update, handle.Insert);
            }
        }

        return messages / started.Elapsed.TotalSeconds;
    }

    private sealed class Statements : IAsyncDisposable
    {
        private static readonly string Payload = new('x', 250);

        private readonly DbConnection _connection;

        private Statements(DbConnection connection, string table)
        {
            _connection = connection;
            Insert = Command($"INSERT INTO {table} (id, subject, state, data) VALUES (@id, @id, 0, '{Payload}')");
            Update = Command($"UPDATE {table} SET state = 1 WHERE id = @id");
            Delete = Command($"DELETE FROM {table} WHERE id = @id");
        }

        public DbCommand Insert { get; }

        public DbCommand Update { get; }

        public DbCommand Delete { get; }

        public static async Task<Statements> PrepareAsync(DbConnection connection, string table)
        {
            await using (var create = connection.CreateCommand())
            {
                create.CommandText = $"CREATE TABLE {table} (id varchar(36) PRIMARY KEY, subject varchar(100) NOT NULL, state integer NOT NULL, data text NOT NULL)";
                await create.ExecuteNonQueryAsync();
            }

            var statements = new Statements(connection, table);
            foreach (var command in new[] { statements.Insert, statements.Update, statements.Delete })
            {
                await command.PrepareAsync();
            }

            return statements;
        }

        public async Task InTransactionAsync(IReadOnlyList<string> ids, params DbCommand[] commands)
        {
            await using var transaction = await _connection.BeginTransactionAsync();
            foreach (var command in commands)
            {
                command.Transaction = transaction;
                foreach (var id in ids)
                {
                    command.Parameters[0].Value = id;
                    await command.ExecuteNonQueryAsync();
                }
            }

            await transaction.CommitAsync();
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var command in new[] { Insert, Update, Delete })
            {
                await command.DisposeAsync();
            }
        }

        private DbCommand Command(string sql)
        {
            var command = _connection.CreateCommand();
            command.CommandText = sql;
            var parameter = command.CreateParameter();
            parameter.ParameterName = "@id";
            parameter.DbType = System.Data.DbType.String;
            parameter.Size = 36;
            command.Parameters.Add(parameter);
            return command;
        }
    }
}
