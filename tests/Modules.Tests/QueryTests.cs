using Microsoft.EntityFrameworkCore;
using ModularShop.Catalog.Domain;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Modularity.Data;

namespace Modules.Tests;

/// <summary>Every query of every suite is translated for every engine (<see cref="QueriesOnEveryEngine"/>); here is what that finds.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class QueryTests
{
    private readonly QueriesOnEveryEngine _queries = new();

    [Fact]
    public void A_query_that_only_PostgreSql_takes_fails_for_the_other_two()
    {
        using var db = Catalog(DatabaseProvider.PostgreSql);
        var refused = Should.Throw<InvalidOperationException>(() => db.Set<Product>().Where(p => EF.Functions.ILike(p.Name, "a%")).ToQueryString());
        refused.Message.ShouldContain("Catalog: Sqlite cannot translate the query of QueryTests");
        refused.Message.ShouldContain("Catalog: SqlServer cannot translate the query of QueryTests");
        refused.Message.ShouldContain(nameof(NpgsqlDbFunctionsExtensions.ILike));
        Should.Throw<InvalidOperationException>(_queries.AllTranslate).Message.ShouldContain(nameof(NpgsqlDbFunctionsExtensions.ILike));
    }

    [Fact]
    public void A_query_that_only_Sqlite_takes_fails_for_the_other_two_every_time_it_runs()
    {
        using var db = Catalog(DatabaseProvider.Sqlite);
        for (var run = 0; run < 2; run++)
        {
            var refused = Should.Throw<InvalidOperationException>(() => db.Set<Product>().Where(p => EF.Functions.Glob(p.Name, "a*")).ToQueryString());
            refused.Message.ShouldContain("Catalog: SqlServer cannot translate");
            refused.Message.ShouldContain("Catalog: PostgreSql cannot translate");
        }

        _queries.All.ShouldHaveSingleItem();
    }

    [Fact]
    public void A_query_that_every_engine_takes_is_listed_with_its_SQL_for_SQL_Server()
    {
        using var db = Catalog(DatabaseProvider.Sqlite);
        string[] skus = ["A", "B", "C"];
        db.Set<Product>().Where(p => skus.Contains(p.Sku)).OrderBy(p => p.NameKey).ThenBy(p => p.Sku).Select(p => p.Price).Take(3).ToQueryString();
        _queries.AllTranslate();
        var query = _queries.All.ShouldHaveSingleItem();
        query.SqlServer.ShouldStartWith("SELECT TOP(");
        query.SqlServer.ShouldContain("FROM [catalog].[products]");
        query.IsOfTests.ShouldBeTrue();
    }

    private ModuleDbContext Catalog(DatabaseProvider engine) => NeverConnected.Context(typeof(CatalogDbContext), engine, options => options.AddInterceptors(_queries));
}
