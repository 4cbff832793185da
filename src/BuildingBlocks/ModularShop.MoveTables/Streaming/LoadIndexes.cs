using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using ModularShop.Modularity.Data;

namespace ModularShop.MoveTables;

/// <summary>
/// Indexes and foreign keys of the tables that are loaded: dropped before the copy, since rows come in no order in which
/// they would hold, and made again when all rows are there, as the module's own migrations made them.
/// </summary>
internal sealed record LoadIndexes(IReadOnlyList<string> Drop, IReadOnlyList<string> Restore)
{
    public static LoadIndexes Of(ModuleDbContext context, MovedTables tables)
    {
        var model = context.GetService<IDesignTimeModel>().Model;
        var generator = context.GetService<IMigrationsSqlGenerator>();
        var (drop, restore) = (new List<string>(), new List<MigrationOperation>());
        var moved = model.GetRelationalModel().Tables.Where(t => tables.TryFind(t.Name, out _)).ToList();
        foreach (var table in moved)
        {
            var name = table.Schema is { } schema ? $"\"{schema}\".\"{table.Name}\"" : $"\"{table.Name}\"";
            if (context.Provider is not DatabaseProvider.Sqlite)
            {
                // SQLite has them in the table itself; a connection that loads does not look at them.
                drop.AddRange(table.ForeignKeyConstraints.Select(f => $"ALTER TABLE {name} DROP CONSTRAINT IF EXISTS \"{f.Name}\""));
            }

            drop.AddRange(table.Indexes.Select(i => context.Provider switch
            {
                DatabaseProvider.SqlServer => $"DROP INDEX IF EXISTS \"{i.Name}\" ON {name}",
                DatabaseProvider.PostgreSql => $"DROP INDEX IF EXISTS \"{table.Schema}\".\"{i.Name}\"",
                _ => $"DROP INDEX IF EXISTS \"{i.Name}\"",
            }));
            restore.AddRange(table.Indexes.Select(CreateIndexOperation.CreateFrom));
        }

        if (context.Provider is not DatabaseProvider.Sqlite)
        {
            restore.AddRange(moved.SelectMany(t => t.ForeignKeyConstraints).Select(AddForeignKeyOperation.CreateFrom));
        }

        return new LoadIndexes(drop, [.. drop, .. generator.Generate(restore, model).Select(c => c.CommandText)]);
    }
}
