using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Update;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Messaging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace Modules.Tests;

/// <summary>What a save sends to SQL Server, seen without one. A table with triggers, and a moving one has them, takes no OUTPUT clause.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
[Collection(Shop.Name)]
public sealed class SqlServerStatementTests(ShopFixture shop)
{
    [Fact]
    public void No_table_of_any_module_is_written_with_an_OUTPUT_clause()
    {
        foreach (var module in shop.Services.GetRequiredService<ModuleRegistry>().Modules)
        {
            using var context = NeverConnected.Context(module.DbContextType, DatabaseProvider.SqlServer);
            var tables = context.Model.GetEntityTypes().ToList();
            tables.Count.ShouldBeGreaterThan(3);
            tables.Where(t => t.IsSqlOutputClauseUsed()).Select(t => t.DisplayName()).ShouldBeEmpty(module.Name);
        }
    }

    [Fact]
    public void An_update_that_checks_the_version_counts_its_rows()
    {
        var category = Category.Create("Kitchen", null).Value;
        Statements(context =>
        {
            context.Attach(category);
            category.Rename("Cooking");
        }).ShouldBe("""
            UPDATE [catalog].[categories] SET [Name] = @p0
            WHERE [Id] = @p1 AND [Version] = @p2;
            SELECT @@ROWCOUNT;
            """, StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public void Many_inserts_are_one_statement_and_no_MERGE()
    {
        var sql = Statements(context => context.AddRange(Category.Create("Kitchen", null).Value, Category.Create("Garden", null).Value, Category.Create("Office", null).Value));
        sql.ShouldStartWith("INSERT INTO [catalog].[categories]");
        sql.ShouldNotContain("OUTPUT");
        sql.ShouldNotContain("MERGE");
    }

    [Fact]
    public void A_message_is_taken_from_the_inbox_without_an_OUTPUT_clause()
    {
        var message = InboxMessage.Of(
            new Envelope(Guid.CreateVersion7(), "Tests", "Tests.Happened", 1, "test/1", new Sequence(1, 0), DateTimeOffset.UnixEpoch, null, "{}"), DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
        var sql = Statements(context =>
        {
            context.Attach(message);
            message.State = InboxState.Handled;
        });
        sql.ShouldStartWith("UPDATE [catalog].[inbox] SET [State] = @p0");
        sql.ShouldNotContain("OUTPUT");
    }

    [Fact]
    public void Rows_whose_keys_are_new_are_inserted_without_a_look_at_those_that_are_there()
    {
        using var context = NeverConnected.Context(typeof(CatalogDbContext), DatabaseProvider.SqlServer);
        var outbox = SetBasedSql.ValuesSql(context, typeof(OutboxMessage), rows: 3, areNew: true);
        outbox.ShouldStartWith("INSERT INTO \"catalog\".\"outbox\" (");
        outbox.ShouldNotContain("SELECT");
        outbox.ShouldNotContain("LOCK");
        outbox.ShouldContain("(@p2_0, @p2_1");
        outbox.ShouldNotContain("@p3_");
        SetBasedSql.ValuesSql(context, typeof(InboxMessage), rows: 1, areNew: false)
            .ShouldContain("WHERE NOT EXISTS (SELECT 1 FROM \"catalog\".\"inbox\" AS t WITH (UPDLOCK, HOLDLOCK) WHERE t.\"MessageId\" = v.\"MessageId\")");
    }

    [Fact]
    public void As_many_subjects_as_are_looked_for_at_a_time_are_compared_one_by_one()
    {
        using var context = NeverConnected.Context(typeof(CatalogDbContext), DatabaseProvider.SqlServer);
        var most = new MessagingOptions { BatchSize = 1000 }.ReadAhead;
        List<string> subjects = [.. Enumerable.Range(0, most).Select(i => $"product/{i}")];
        List<Guid> ids = [.. subjects.Select(_ => Guid.CreateVersion7())];
        context.Set<OutboxMessage>().Where(m => subjects.Contains(m.Subject)).Take(most).ToQueryString().ShouldNotContain("OPENJSON");
        context.Set<OutboxMessage>().Where(m => m.Subscriber == "Ordering" && ids.Contains(m.MessageId)).ToQueryString().ShouldNotContain("OPENJSON");
        new MessagingOptions().ReadAhead.ShouldBe(1250);
    }

    private static string Statements(Action<ModuleDbContext> change)
    {
        using var context = NeverConnected.Context(typeof(CatalogDbContext), DatabaseProvider.SqlServer);
        change(context);
        context.ChangeTracker.DetectChanges();
        var adapter = context.GetService<IUpdateAdapterFactory>().Create();
        var generator = context.GetService<IUpdateSqlGenerator>();
        var sql = new StringBuilder();
        foreach (var command in context.GetService<ICommandBatchPreparer>().BatchCommands(adapter.GetEntriesToSave(), adapter).SelectMany(b => b.ModificationCommands))
        {
            _ = command.EntityState is EntityState.Added
                ? generator.AppendInsertOperation(sql, command, 0, out _)
                : generator.AppendUpdateOperation(sql, command, 0, out _);
        }

        return sql.ToString().Trim();
    }
}
