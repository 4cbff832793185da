using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <summary>The tables of a module that move, as its EF model describes them; parents before their children.</summary>
/// <remarks>
/// What belongs to one database stays there: who owns the data, how far a copy has come, the routing of the process, and
/// the lease, which elects a process for one database.
/// </remarks>
internal sealed class MovedTables
{
    private static readonly HashSet<string> Staying = new(StringComparer.Ordinal) { "ownership", "replication", "routing", "lease" };

    /// <summary>PostgreSQL cuts names at 63 bytes; the longest one of a trigger is <c>move_capture_…_truncate</c>.</summary>
    private const int LongestName = 41;

    private static readonly HashSet<Type> Travelling = [typeof(Guid), typeof(string), typeof(bool), typeof(int), typeof(long), typeof(DateTime), typeof(byte[])];

    private readonly Dictionary<string, MovedTable> _byName;

    private MovedTables(IReadOnlyList<MovedTable> inOrder, IReadOnlyList<string> unsupported)
    {
        (InOrder, Unsupported) = (inOrder, unsupported);
        _byName = inOrder.ToDictionary(t => t.Name, StringComparer.Ordinal);
    }

    /// <summary>Parents before their children.</summary>
    public IReadOnlyList<MovedTable> InOrder { get; }

    /// <summary>Why these tables cannot be moved, one sentence each.</summary>
    public IReadOnlyList<string> Unsupported { get; }

    public MovedTable this[string name] => _byName[name];

    public bool TryFind(string name, out MovedTable? table) => _byName.TryGetValue(name, out table);

    /// <summary>One of them.</summary>
    public static MovedTables Of(MovedTable table) => new([table], []);

    /// <param name="source">Of the database that rows are first read from, where this is the other one: columns come in its order, whatever they are called here.</param>
    public static MovedTables Of(ModuleDbContext context, MovedTables? source = null)
    {
        var unsupported = new List<string>();
        var tables = new Dictionary<ITable, MovedTable>();
        foreach (var table in context.Model.GetRelationalModel().Tables.Where(t => !Staying.Contains(t.Name)))
        {
            if (Read(table, source?._byName.GetValueOrDefault(table.Name), unsupported) is { } moved)
            {
                tables.Add(table, moved);
            }
        }

        foreach (var (table, moved) in tables)
        {
            moved.Parents = [.. Parents(table, moved, tables, unsupported)];
        }

        foreach (var moved in tables.Values)
        {
            moved.Children = [.. tables.Values.SelectMany(child => child.Parents.Where(p => p.Table == moved).Select(p => new Reference(child, p.Column)))];
        }

        return new MovedTables(Sort(tables.Values, unsupported), unsupported);
    }

    private static MovedTable? Read(ITable table, MovedTable? source, List<string> unsupported)
    {
        if (table.PrimaryKey is not { } key)
        {
            unsupported.Add($"{table.Name} has no primary key: its rows cannot be told apart. Give it one.");
            return null;
        }

        var inOrder = source is null ? [.. table.Columns] : InOrderOf(source, table, unsupported);
        if (inOrder is null)
        {
            return null;
        }

        var columns = inOrder.ConvertAll(Read);
        var ordinals = inOrder.Select((c, i) => (c, i)).ToDictionary(x => x.c, x => x.i);
        foreach (var column in columns.Where(c => !Travelling.Contains(c.Type)))
        {
            unsupported.Add($"{table.Name}.{column.Name} is a {column.Type.Name}, which the engines do not keep alike. Store it as one of {string.Join(", ", Travelling.Select(t => t.Name))}.");
        }

        if (key.Columns.Count > RowKey.MostColumns)
        {
            unsupported.Add($"The primary key of {table.Name} has {key.Columns.Count} columns; at most {RowKey.MostColumns} can be moved.");
        }

        if (table.Name.Length > LongestName)
        {
            unsupported.Add($"{table.Name} has a name of more than {LongestName} characters: those of its triggers would be cut off. Give it a shorter one.");
        }

        if (table.UniqueConstraints.Any(u => u != key))
        {
            unsupported.Add($"{table.Name} has an alternate key, which would be in the way of rows that are copied while they change. Make it a unique index.");
        }

        foreach (var column in key.Columns.Where(c => TypeOf(c) == typeof(DateTime) || TypeOf(c) == typeof(byte[])))
        {
            unsupported.Add($"{table.Name}.{column.Name} is part of the primary key and a {TypeOf(column).Name}, whose text differs from engine to engine. Use a Guid, a number or a string.");
        }

        return new MovedTable(
            table.Name, columns, [.. key.Columns.Select(c => ordinals[c])],
            [.. table.Indexes.Where(i => i.IsUnique).Select(i => (IReadOnlyList<int>)[.. i.Columns.Select(c => ordinals[c])])]);
    }

    /// <summary>The columns that hold what those of the source do; what only the other database has takes no part. Null where one is missing.</summary>
    private static List<IColumn>? InOrderOf(MovedTable source, ITable table, List<string> unsupported)
    {
        var byProperty = table.Columns.ToDictionary(PropertyOf, StringComparer.Ordinal);
        var inOrder = new List<IColumn>();
        foreach (var column in source.Columns)
        {
            if (!byProperty.Remove(column.Property, out var there))
            {
                unsupported.Add($"{source}.{column.Name} has no column in the service's database that holds the same. Give it one.");
                return null;
            }

            if (!Read(there).Holds(column))
            {
                unsupported.Add($"{source}.{column.Name} is a {column.Describe()}, and {there.Name} in the service's database a {Read(there).Describe()}, which cannot hold all of it. Make them alike.");
            }

            inOrder.Add(there);
        }

        return inOrder;
    }

    private static IEnumerable<Reference> Parents(ITable table, MovedTable moved, Dictionary<ITable, MovedTable> tables, List<string> unsupported)
    {
        foreach (var foreignKey in table.ForeignKeyConstraints)
        {
            if (foreignKey.PrincipalTable == table || foreignKey.Columns.Count != 1 || foreignKey.PrincipalUniqueConstraint != foreignKey.PrincipalTable.PrimaryKey
                || !tables.TryGetValue(foreignKey.PrincipalTable, out var parent))
            {
                unsupported.Add($"{foreignKey.Name} of {table.Name} is not one column that names another table's primary key. Drop it, or give the parent a key of one column.");
                continue;
            }

            var column = moved.Columns.Select((c, i) => (c.Name, i)).Single(c => c.Name == foreignKey.Columns[0].Name).i;
            yield return new Reference(parent, column);
        }
    }

    private static List<MovedTable> Sort(IEnumerable<MovedTable> tables, List<string> unsupported)
    {
        var (sorted, left) = (new List<MovedTable>(), tables.OrderBy(t => t.Name, StringComparer.Ordinal).ToList());
        while (left.Count > 0)
        {
            var next = left.Where(t => t.Parents.All(p => sorted.Contains(p.Table))).ToList();
            if (next.Count == 0)
            {
                unsupported.Add($"{string.Join(", ", left)} name each other in a circle: none can be written first. Drop one of the foreign keys.");
                next = left;
            }

            sorted.AddRange(next);
            left = [.. left.Except(next)];
        }

        return sorted;
    }

    private static string PropertyOf(IColumn column) => $"{column.PropertyMappings[0].Property.DeclaringType.Name}.{column.PropertyMappings[0].Property.Name}";

    private static MovedColumn Read(IColumn column) => new(column.Name, PropertyOf(column), TypeOf(column), column.IsNullable, column.PropertyMappings[0].Property.GetMaxLength());

    private static Type TypeOf(IColumn column)
    {
        var mapping = column.PropertyMappings[0].TypeMapping;
        var type = mapping.Converter?.ProviderClrType ?? mapping.ClrType;
        return Nullable.GetUnderlyingType(type) ?? type;
    }
}
