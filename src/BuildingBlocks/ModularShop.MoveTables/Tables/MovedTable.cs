namespace ModularShop.MoveTables;

/// <summary>A column as it travels: by name, as one of the few types that all engines keep alike.</summary>
/// <param name="Property">What the model calls the value, whatever a database calls the column.</param>
/// <param name="Type">As its values are compared and sent: Guid, string, bool, int, long, DateTime (UTC) or byte[].</param>
/// <param name="MaxLength">Of a string in characters, of bytes in bytes; null where the model sets no limit.</param>
internal sealed record MovedColumn(string Name, string Property, Type Type, bool IsNullable, int? MaxLength)
{
    /// <summary>Every value of the other one.</summary>
    public bool Holds(MovedColumn other) => Type == other.Type && (IsNullable || !other.IsNullable) && (MaxLength is not { } most || other.MaxLength <= most);

    /// <summary>For people.</summary>
    public string Describe() => $"{Type.Name}{(MaxLength is { } most ? $" of at most {most}" : "")}{(IsNullable ? " or NULL" : "")}";
}

/// <summary>A table whose <paramref name="Column"/>, by ordinal, names a row of <paramref name="Table"/>.</summary>
internal sealed record Reference(MovedTable Table, int Column);

/// <summary>A table of the module in one of the two databases: its rows are arrays of values in the order of <see cref="Columns"/>, which is the same in both.</summary>
internal sealed class MovedTable(string name, IReadOnlyList<MovedColumn> columns, IReadOnlyList<int> key, IReadOnlyList<IReadOnlyList<int>> uniques)
{
    public string Name => name;

    public IReadOnlyList<MovedColumn> Columns => columns;

    /// <summary>The ordinals of the primary key's columns, in the key's order.</summary>
    public IReadOnlyList<int> Key => key;

    /// <summary>The ordinals of each unique index besides the primary key.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Uniques => uniques;

    /// <summary>The tables that rows of this one name: a row's parents must be there before it.</summary>
    public IReadOnlyList<Reference> Parents { get; internal set; } = [];

    /// <summary>The tables whose rows name rows of this one, with the column of theirs that does.</summary>
    public IReadOnlyList<Reference> Children { get; internal set; } = [];

    public IEnumerable<MovedColumn> KeyColumns => key.Select(k => columns[k]);

    public RowKey KeyOf(object?[] row)
    {
        var values = new object[key.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = row[key[i]]!;
        }

        return new RowKey(values);
    }

    /// <remarks>Asked for two keys that a database takes for the same, such as one that ends in spaces, it answers with a row twice.</remarks>
    public Dictionary<RowKey, object?[]> ByKey(IEnumerable<object?[]> rows)
    {
        var byKey = new Dictionary<RowKey, object?[]>();
        foreach (var row in rows)
        {
            byKey[KeyOf(row)] = row;
        }

        return byKey;
    }

    public bool HaveSameKey(object?[] one, object?[] other)
    {
        foreach (var k in key)
        {
            if (!Equals(one[k], other[k]))
            {
                return false;
            }
        }

        return true;
    }

    public override string ToString() => name;
}
