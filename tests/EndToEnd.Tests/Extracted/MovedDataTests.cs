using System.Net;
using EndToEnd.Tests.Facade;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;

namespace EndToEnd.Tests.Extracted;

/// <summary>The owner of Catalog's data changes from one database to another, and no client notices.</summary>
public sealed class MovedDataTests
{
    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Long)]
    public Task On_sqlite_a_write_waits_for_its_owner_and_takes_place_there_once() => WriteAsync(DatabaseProvider.Sqlite);

    [PostgreSqlFact]
    public Task On_postgresql_a_write_waits_for_its_owner_and_takes_place_there_once() => WriteAsync(DatabaseProvider.PostgreSql);

    [Fact]
    public async Task A_read_is_answered_by_data_that_is_good_enough_for_it()
    {
        await using var two = await TwoDatabases.StartAsync(DatabaseProvider.Sqlite, ("Catalog.GetProduct", "Service"));
        await AtTheMonolithAsync(two);
        await AtTheServiceAsync(two);
    }

    private static async Task WriteAsync(DatabaseProvider engine)
    {
        await using var two = await TwoDatabases.StartAsync(engine);
        await WaitsAndStaysAsync(two);
        await WaitsAndGoesAsync(two);
        await WhatWasLookedUpBeforeIsNotToldAfterwardsAsync(two);
        await ManyAtOnceAsync(two);
    }

    private static async Task WaitsAndStaysAsync(TwoDatabases two)
    {
        await two.Monolith.RaiseAsync();
        var waiting = two.CreateAsync("STAYS");
        var read = await two.ReadAsync();
        (read.StatusCode, read.AnsweredBy()).ShouldBe((HttpStatusCode.OK, "monolith"));
        waiting.IsCompleted.ShouldBeFalse();
        await two.Monolith.LowerAsync();
        var created = await waiting;
        (created.StatusCode, created.AnsweredBy()).ShouldBe((HttpStatusCode.Created, "monolith"));
        (await two.CountAsync("STAYS")).ShouldBe((1, 0));
    }

    private static async Task WaitsAndGoesAsync(TwoDatabases two)
    {
        await two.Monolith.RaiseAsync();
        var waiting = two.CreateAsync("GOES");
        await two.ReadAsync();
        waiting.IsCompleted.ShouldBeFalse();
        await two.SwitchAsync();
        var created = await waiting;
        (created.StatusCode, created.AnsweredBy()).ShouldBe((HttpStatusCode.Created, "catalog-service"));
        (await two.CountAsync("GOES")).ShouldBe((0, 1));

        // And back, with the service fenced, which has been sent the request.
        await two.Service.RaiseAsync();
        waiting = two.CreateAsync("COMES-BACK");
        await two.ReadAsync();
        waiting.IsCompleted.ShouldBeFalse();
        await two.SwitchBackAsync();
        created = await waiting;
        (created.StatusCode, created.AnsweredBy()).ShouldBe((HttpStatusCode.Created, "monolith"));
        (await two.CountAsync("COMES-BACK")).ShouldBe((1, 0));
    }

    /// <remarks>At once after each switch, when the host has mostly not heard of it yet: what it finds is nothing.</remarks>
    private static async Task WhatWasLookedUpBeforeIsNotToldAfterwardsAsync(TwoDatabases two)
    {
        var sku = await two.AtTheServiceAloneAsync();
        for (var price = 200; price < 205; price++)
        {
            using (var there = await two.ChangePriceAsync(sku, price))
            {
                (there.StatusCode, there.AnsweredBy()).ShouldBe((HttpStatusCode.NotFound, "monolith"));
            }

            await two.SwitchAsync();
            using (var there = await two.ChangePriceAsync(sku, price))
            {
                (there.StatusCode, there.AnsweredBy()).ShouldBe((HttpStatusCode.NoContent, "catalog-service"));
            }

            await two.SwitchBackAsync();
        }
    }

    private static async Task ManyAtOnceAsync(TwoDatabases two)
    {
        string[] skus = [.. Enumerable.Range(0, 30).Select(i => $"MANY-{i}")];
        var creating = skus.Select(two.CreateAsync).ToList();
        for (var i = 0; i < 3; i++)
        {
            await Task.WhenAny(creating.Where(c => !c.IsCompleted).DefaultIfEmpty(creating[0]));
            await two.SwitchAsync();
            await two.SwitchBackAsync();
        }

        foreach (var (sku, created) in skus.Zip(await Task.WhenAll(creating)))
        {
            created.StatusCode.ShouldBe(HttpStatusCode.Created, $"{sku}: {await created.Content.ReadAsStringAsync()}");
            var (monolith, service) = await two.CountAsync(sku);
            (monolith + service).ShouldBe(1, $"{sku}: {monolith} in the monolith's database, {service} in the service's");
        }
    }

    private static async Task AtTheMonolithAsync(TwoDatabases two)
    {
        // The service's database has nothing, and follows nothing.
        await ShouldAnswerAsync(two, "monolith");
        await two.Service.FollowAsync(ReplicationState.Copying, Now);
        await ShouldAnswerAsync(two, "monolith");
        await two.Service.FollowAsync(ReplicationState.Running, Now);
        await BecomesAsync(two, "catalog-service");
        (await two.ReadAsync()).Headers.GetValues("X-Data-Lag").ShouldHaveSingleItem();

        // Who has written reads at the owner until what follows has got as far; others need not.
        await two.Service.FollowAsync(ReplicationState.Running, Now);
        await two.CreateAsync("WRITTEN").ShouldBeAsync(201);
        (await two.ReadAsync(two.Operator)).AnsweredBy().ShouldBe("monolith");
        (await two.ReadAsync()).AnsweredBy().ShouldBe("catalog-service");
        await two.Service.FollowAsync(ReplicationState.Running, Now + Clocks.Skew);
        await BecomesAsync(two, "catalog-service", two.Operator);

        // Too far behind.
        await two.Service.FollowAsync(ReplicationState.Running, Now.AddMinutes(-1));
        await BecomesAsync(two, "monolith");
    }

    private static async Task AtTheServiceAsync(TwoDatabases two)
    {
        two.Deployment.Route(("Catalog.GetProduct", "Monolith"));
        await two.SwitchAsync();
        await BecomesAsync(two, "monolith");
        await two.CreateAsync("WRITTEN-THERE").ShouldBeAsync(201);
        (await two.ReadAsync(two.Operator)).AnsweredBy().ShouldBe("catalog-service");
        await two.Monolith.FollowAsync(ReplicationState.Stopped, Now);
        await BecomesAsync(two, "catalog-service");
        await two.Monolith.FollowAsync(ReplicationState.Running, Now);
        await BecomesAsync(two, "monolith");

        // Where nothing is left, nothing is answered, whatever happens.
        await two.Monolith.FollowAsync(ReplicationState.Retired, caughtUpAt: null);
        await BecomesAsync(two, "catalog-service");
        await two.Deployment["Catalog"].KillAsync();
        (await two.ReadAsync()).StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    private static async Task ShouldAnswerAsync(TwoDatabases two, string side)
    {
        using var response = await two.ReadAsync();
        response.AnsweredBy().ShouldBe(side);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static Task BecomesAsync(TwoDatabases two, string side, HttpClient? client = null) => Eventually.TrueAsync(
        async () =>
        {
            using var response = await two.ReadAsync(client);
            ((int)response.StatusCode).ShouldBeLessThan(500);
            return response.AnsweredBy() == side;
        },
        $"{side} to answer");
}
