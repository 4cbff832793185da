using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using ModularShop.Modularity.Data;

namespace Modules.Tests;

/// <summary>What an administrator runs to make a module's tables on a server, and what is wrong with it.</summary>
internal sealed partial class MigrationScript(string text, DatabaseProvider engine, string schema, IReadOnlyCollection<string> tables)
{
    private const string History = "__ef_migrations";

    private static readonly Dictionary<DatabaseProvider, string[]> ColumnTypes = new()
    {
        [DatabaseProvider.SqlServer] =
        [
            "uniqueidentifier", @"nvarchar\((\d+|max)\) COLLATE Latin1_General_100_BIN2", "bit", "int", "bigint", @"datetime2\(6\)", @"varbinary\((\d+|max)\)",
        ],
        [DatabaseProvider.PostgreSql] =
        [
            "uuid", @"(character varying\(\d+\)|text) COLLATE ""C""", "boolean", "integer", "bigint", @"timestamp\(6\) with time zone", "bytea",
        ],
    };

    /// <summary>The values of a row are the program's, so that engines and moved tables keep the same ones.</summary>
    private static readonly string[] Refused =
    [
        "IDENTITY", "DEFAULT", "SEQUENCE", "ROWVERSION", "NEWID", "NEWSEQUENTIALID", "PERSISTED", "GENERATED", "NEXTVAL", "OUTPUT", "TRIGGER", "MERGE", "CREATE OR ALTER", "WAITFOR", "GETDATE",
        "SYSUTCDATETIME", "NOW",
    ];

    public static MigrationScript Of(ModuleDbContext context, bool idempotent) => new(
        context.GetService<IMigrator>().GenerateScript(options: idempotent ? MigrationsSqlGenerationOptions.Idempotent : MigrationsSqlGenerationOptions.Default),
        context.Provider,
        context.Schema,
        [.. context.Model.GetEntityTypes().Select(e => e.GetTableName()!).Distinct(StringComparer.Ordinal)]);

    public string Text => text;

    public IReadOnlyList<string> Mistakes()
    {
        var created = Tables().Select(t => (Schema: Bare(t.Groups["schema"].Value), Name: Bare(t.Groups["table"].Value), Body: t.Groups["body"].Value)).ToList();
        return
        [
            .. tables.Append(History).Except(created.Select(t => t.Name), StringComparer.Ordinal).Select(t => $"does not create {t}"),
            .. created.Where(t => t.Schema != schema).Select(t => $"creates {t.Name} in the schema '{t.Schema}'"),
            .. References().Where(r => Bare(r.Groups["schema"].Value) != schema).Select(r => $"reaches into another schema: {r.Value}"),
            .. Refused.Where(word => Regex.IsMatch(text, $@"\b{word}\b", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1))).Select(word => $"has {word}"),
            .. created.Where(t => t.Name != History).SelectMany(t => Columns(t.Body).Where(c => !IsStoreType(c.Type)).Select(c => $"{t.Name}.{c.Name} is {c.Type}")),
            .. created.SelectMany(t => Columns(t.Body).Where(c => Keys(t.Body).Contains(c.Name, StringComparer.Ordinal) && c.IsNullable).Select(c => $"{t.Name}.{c.Name} is a key and can be null")),
            .. engine is DatabaseProvider.SqlServer ? TooLongForSqlServer(created) : [],
            .. CascadesThatMeet(created),
        ];
    }

    private bool IsStoreType(string type) => ColumnTypes[engine].Any(t => Regex.IsMatch(type, $"^{t}$", RegexOptions.None, TimeSpan.FromSeconds(1)));

    /// <summary>SQL Server takes keys of 900 bytes and indexes of 1,700; a longer one is a warning when it is made, and an error when a long row comes.</summary>
    private IEnumerable<string> TooLongForSqlServer(IReadOnlyList<(string Schema, string Name, string Body)> created)
    {
        var bytes = created.SelectMany(t => Columns(t.Body), (t, c) => (Column: (t.Name, c.Name), Bytes: Bytes(c.Type))).ToDictionary(c => c.Column, c => c.Bytes);
        var keys = created.Select(t => (t.Name, Is: "key", Columns: Keys(t.Body), Limit: 900));
        var indexes = Indexes().Select(i => (Name: Bare(i.Groups["table"].Value), Is: "index", Columns: Names(i.Groups["columns"].Value), Limit: 1700));
        return keys.Concat(indexes)
            .Select(k => (k.Name, k.Is, k.Columns, k.Limit, Bytes: k.Columns.Sum(c => bytes.GetValueOrDefault((k.Name, c)))))
            .Where(k => k.Bytes > k.Limit)
            .Select(k => $"{k.Name} has the {k.Is} ({string.Join(", ", k.Columns)}) of {k.Bytes} bytes, more than {k.Limit}");
    }

    /// <summary>SQL Server refuses a table whose rows would be deleted on two ways.</summary>
    private static IEnumerable<string> CascadesThatMeet(IReadOnlyList<(string Schema, string Name, string Body)> created)
    {
        var parents = created.ToDictionary(t => t.Name, t => Cascades(t.Body).Select(c => Bare(c.Groups["table"].Value)).ToList(), StringComparer.Ordinal);
        return parents.Keys.Where(table =>
        {
            var ways = Ancestors(table, depth: 0).ToList();
            return ways.Count != ways.Distinct(StringComparer.Ordinal).Count() || ways.Contains(table, StringComparer.Ordinal);
        }).Select(table => $"{table} is reached by more than one ON DELETE CASCADE");

        IEnumerable<string> Ancestors(string table, int depth) =>
            depth > created.Count ? [] : parents[table].SelectMany(parent => Ancestors(parent, depth + 1).Prepend(parent));
    }

    private static int Bytes(string type) => Length().Match(type) is { Success: true } length
        ? int.Parse(length.Groups["length"].Value, CultureInfo.InvariantCulture) * (type[0] == 'n' ? 2 : 1)
        : type.Contains("max", StringComparison.Ordinal) ? int.MaxValue / 32 : type == "uniqueidentifier" ? 16 : 8;

    private static IReadOnlyList<string> Keys(string body) => PrimaryKey().Match(body) is { Success: true } key ? Names(key.Groups["columns"].Value) : [];

    private static IReadOnlyList<string> Names(string columns) => [.. columns.Split(',').Select(c => Bare(c.Trim().Split(' ')[0]))];

    private static IEnumerable<(string Name, string Type, bool IsNullable)> Columns(string body) =>
        Column().Matches(body).Select(c => (Bare(c.Groups["name"].Value), c.Groups["type"].Value, !c.Groups["not"].Success));

    private static string Bare(string name) => name.Trim('[', ']', '"');

    private IEnumerable<Match> Tables() => Table().Matches(text);

    private IEnumerable<Match> References() => Reference().Matches(text);

    private IEnumerable<Match> Indexes() => Index().Matches(text);

    private static IEnumerable<Match> Cascades(string body) => Cascade().Matches(body);

    [GeneratedRegex(@"CREATE TABLE (IF NOT EXISTS )?(?<schema>[\w\[\]""]+)\.(?<table>[\w\[\]""]+) \((?<body>.*?)\n\s*\);", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Table();

    [GeneratedRegex(@"^\s*(?<name>\[\w+\]|""\w+"") (?<type>.+?)( (?<not>NOT NULL)| NULL)?,?\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Column();

    [GeneratedRegex(@"PRIMARY KEY \((?<columns>[^)]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PrimaryKey();

    [GeneratedRegex(@"CREATE (UNIQUE )?INDEX \S+ ON [\w\[\]""]+\.(?<table>[\w\[\]""]+) \((?<columns>[^)]+)\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Index();

    [GeneratedRegex(@"REFERENCES (?<schema>[\w\[\]""]+)\.", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();

    [GeneratedRegex(@"REFERENCES \S+?\.(?<table>[\w\[\]""]+) \([^)]+\) ON DELETE (CASCADE|SET NULL)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Cascade();

    [GeneratedRegex(@"\((?<length>\d+)\)( COLLATE .*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Length();
}
