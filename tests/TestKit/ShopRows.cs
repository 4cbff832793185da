using System.Text;
using Microsoft.EntityFrameworkCore;

namespace ModularShop.TestKit;

public static class ShopRows
{
    /// <summary>Every row of every table of a module, the outbox among them, as text.</summary>
    public static Task<string> DumpAsync(this ShopFixture shop, string module) => shop.ReadAsync(module, async db =>
    {
        var dump = new StringBuilder();
        await db.Database.OpenConnectionAsync();
        foreach (var table in db.Model.GetEntityTypes().Select(e => e.GetSchema() is { } schema ? $"\"{schema}\".\"{e.GetTableName()}\"" : $"\"{e.GetTableName()}\"").Distinct(StringComparer.Ordinal))
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            var values = new object[reader.FieldCount];
            while (await reader.ReadAsync())
            {
                reader.GetValues(values);
                dump.AppendJoin(" | ", values.Select(v => v is byte[] bytes ? Encoding.UTF8.GetString(bytes) : v.ToString())).AppendLine();
            }
        }

        return dump.ToString();
    });
}
