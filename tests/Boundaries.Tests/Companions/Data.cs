using ModularShop.Boundaries.Engine;
using ModularShop.Boundaries.Rules;

namespace Boundaries.Tests.Companions;

public sealed class ContextsMapOnlyTheirOwnSchemaTests
{
    private const string Context = "ModularShop.Broken.Infrastructure.BrokenDbContext, ";

    [Fact]
    public void Foreign_types_tables_keys_views_and_queries_are_found() => Break.Rule<ContextsMapOnlyTheirOwnSchema>().ShouldBeExactly(
        (Context + "Widget", "maps ModularShop.Neighbour.Domain.Widget of ModularShop.Neighbour."),
        (Context + "Gadget", "has a foreign key to Widget."),
        (Context + "Elsewhere", "is in the table neighbour.elsewhere on SqlServer and PostgreSql."),
        (Context + "Seen", "reads the view seen."),
        (Context + "Asked", "reads SQL: SELECT id FROM neighbour.widgets."),
        ("ModularShop.Broken.Infrastructure.StraySchemaContext", "has the schema 'stray'."));
}

public sealed class SqlNamesOnlyOwnTablesTests
{
    private const string Here = "ModularShop.Broken.Infrastructure.ForeignSql.";

    [Fact]
    public void Tables_of_other_modules_are_found_in_SQL_however_written_and_prose_is_not_SQL() => Break.Rule<SqlNamesOnlyOwnTables>()
        .Select(v => v with { What = v.What[..v.What.IndexOf(':', StringComparison.Ordinal)] }).ToList().ShouldBeExactly(
            (Here + "Qualified", "has SQL on neighbour.widgets"),
            (Here + "Quoted", "has SQL on neighbour.widgets"),
            (Here + "Bracketed", "has SQL on neighbour.widgets"),
            (Here + "Joined", "has SQL on inbox"),
            (Here + "Dropped", "has SQL on neighbour.widgets"),
            (Here + "Unqualified", "has SQL on outbox"),
            (Here + "Concatenated", "has SQL on neighbour"),
            ("ModularShop.Broken.Infrastructure.Migrations.Sqlite.Initial.Up", "has SQL on neighbour.widgets"),
            ("ModularShop.Broken.Infrastructure.BrokenDbContext.OnModelCreating", "has SQL on neighbour.widgets"));
}

public sealed class ModulesReachNoForeignContextTests
{
    private const string Here = "ModularShop.Broken.Infrastructure.ForeignContexts.";

    [Fact]
    public void A_foreign_context_is_found_by_type_by_name_and_by_registry() => Break.Rule<ModulesReachNoForeignContext>().ShouldBeExactly(
        (Here + "ByType", "refers to ModularShop.Neighbour.Infrastructure.NeighbourDbContext (type argument of GetService)."),
        (Here + "ByName", "names the inside of ModularShop.Neighbour in a string: \"ModularShop.Neighbour.Infrastructure.NeighbourDbContext, ModularShop.Neighbour\"."),
        (Here + "ByRegistry", "uses ModuleRegistry, which leads to every module's DbContext (parameter)."),
        (Here + "ByRegistry", "uses LoadedModule, which leads to every module's DbContext (result of get_Item)."));
}

public sealed class ContextsTakeOnlyTheirOptionsTests
{
    [Fact]
    public void Second_contexts_and_contexts_with_services_are_found()
    {
        const string beside = "is a DbContext beside BrokenDbContext, or none that derives from ModuleDbContext.";

        Break.Rule<ContextsTakeOnlyTheirOptions>().ShouldBeExactly(
            ("ModularShop.Broken.Infrastructure.SecondDbContext", beside),
            ("ModularShop.Broken.Infrastructure.SecondDbContext", "is made with (DbContextOptions`1, TimeProvider)."),
            ("ModularShop.Broken.Infrastructure.StoreTypesContext", beside),
            ("ModularShop.Broken.Infrastructure.RefusedContext", beside),
            ("ModularShop.Broken.Infrastructure.StraySchemaContext", beside));
    }
}

public sealed class WritesGoThroughTheModulesContextTests
{
    private const string Here = "ModularShop.Broken.Infrastructure.RawWrites.";

    [Fact]
    public void Writes_past_the_context_are_found_and_reads_with_SQL_are_not() => Break.Rule<WritesGoThroughTheModulesContext>().ShouldBeExactly(
        (Here + "Ado", "calls GetDbConnection, which bypasses versions, the outbox and the write gate."),
        (Here + "Ado", "uses ADO.NET: DbConnection.CreateCommand."),
        (Here + "Ado", "uses ADO.NET: DbCommand.ExecuteNonQueryAsync."),
        (Here + "Ado", "uses ADO.NET: DbCommand.DisposeAsync."),
        (Here + "Sqlite", "uses ADO.NET: SqliteConnection..ctor."),
        (Here + "Raw", "calls ExecuteSqlRawAsync, which bypasses versions, the outbox and the write gate."),
        (Here + "Bulk", "calls ExecuteDeleteAsync, which bypasses versions, the outbox and the write gate."));

    [Fact]
    public void A_listed_place_is_let_be()
    {
        var rule = new WritesGoThroughTheModulesContext { Allowed = new Dictionary<string, string>(StringComparer.Ordinal) { [Here + "Bulk"] = "for this test" } };

        rule.Check(Fixture.Solution).ShouldNotContain(v => v.Where == Here + "Bulk");
    }
}

public sealed class StoreTypesSurviveAChangeOfEngineTests
{
    private const string Context = "ModularShop.Broken.Infrastructure.StoreTypesContext, ";

    [Fact]
    public void Types_keys_collations_and_values_that_engines_treat_differently_are_found() => Break.Rule<StoreTypesSurviveAChangeOfEngine>().ShouldBeExactly(
        (Context + "Keyless", "has no key."),
        (Context + "Numbered.Number", "is a key of type Int32."),
        (Context + "Sample.ComputedHere", "gets its value from the store or from EF."),
        (Context + "Sample.Defaulted", "gets its value from the store or from EF."),
        (Context + "Sample.Generated", "gets its value from the store or from EF."),
        (Context + "Sample.Kind", "is an enum stored as Int32."),
        (Context + "Sample.Name", "compares by the collation NOCASE."),
        (Context + "Unversioned", "does not have Version as its concurrency token."),
        ("ModularShop.Broken.Infrastructure.RefusedContext", "has no valid model: Weighed.Weight is a Decimal, which the three engines do not keep alike. "
            + "Use one of Guid, String, Boolean, Int32, Int64, DateTimeOffset, Byte[], an enum or Money."));
}

public sealed class ListsAreNotSortedByUuidTests
{
    private const string Here = "ModularShop.Broken.Infrastructure.Sorting.";

    [Fact]
    public void Queries_that_sort_or_compare_by_UUID_are_found() => Break.Rule<ListsAreNotSortedByUuid>().ShouldBeExactly(
        (Here + "ByUuid", "OrderBy has a Guid as its key."),
        (Here + "ThenByUuid", "ThenByDescending has a Guid as its key."),
        (Here + "AfterUuid", "compares Guids in a query (CompareTo)."));
}
