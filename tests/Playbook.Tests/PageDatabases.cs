using System.Data.Common;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Data.SqlClient;
using Npgsql;

namespace Playbook.Tests;

/// <summary>Databases that a page is tried on: one for its commands, one on each engine for its statements.</summary>
internal sealed partial class PageDatabases
{
    private readonly Dictionary<(string Page, string For), string> _made = [];

    /// <summary>The connection string of the database that the commands of the page use.</summary>
    public Task<string> ForCommandsAsync(string page) => MakeAsync(page, "commands", Requirements.PostgreSql);

    /// <summary>Executes statements; returns the rows of the last that has any, a line each.</summary>
    public async Task<string> ExecuteAsync(Step step)
    {
        var connectionString = await MakeAsync(step.Page, step.Needs!, step.Needs!);
        await using DbConnection connection = step.Needs == Requirements.PostgreSql ? new NpgsqlConnection(connectionString) : new SqlConnection(connectionString);
        await connection.OpenAsync();
        var rows = "";
        foreach (var batch in Go().Split(step.Text).Where(b => b.Trim().Length > 0))
        {
            await using var command = connection.CreateCommand();
            command.CommandText = batch;
            await using var reader = await command.ExecuteReaderAsync();
            do
            {
                rows = reader.FieldCount > 0 ? await RowsAsync(reader) : rows;
            }
            while (await reader.NextResultAsync());
        }

        return rows;
    }

    private static async Task<string> RowsAsync(DbDataReader reader)
    {
        var rows = new StringBuilder();
        while (await reader.ReadAsync())
        {
            rows.AppendJoin(" | ", Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))).Append('\n');
        }

        return rows.ToString();
    }

    private async Task<string> MakeAsync(string page, string use, string engine)
    {
        if (!_made.TryGetValue((page, use), out var connectionString))
        {
            _made[(page, use)] = connectionString = engine == Requirements.PostgreSql
                ? await (await PostgreSqlServer.SharedAsync()).CreateDatabaseAsync()
                : await SqlServer.CreateDatabaseAsync();
        }

        return connectionString;
    }

    /// <summary>What separates batches for <c>sqlcmd</c>.</summary>
    [GeneratedRegex(@"^GO\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Go();
}
