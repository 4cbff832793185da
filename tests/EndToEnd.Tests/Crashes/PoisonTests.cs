using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using ModularShop.Catalog.Infrastructure;
using ModularShop.Messaging;
using ModularShop.Modularity.Data;

namespace EndToEnd.Tests.Crashes;

/// <summary>A message that no handler can read, in the inbox of a module that has checkouts to serve.</summary>
public sealed class PoisonTests
{
    private const int MaxAttempts = 4;

    [Fact]
    [Trait(RunOnly.Trait, RunOnly.Long)]
    public async Task On_sqlite_a_poison_message_stops_its_subject_alone_and_is_a_dead_letter_after_a_kill_too()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.Sqlite);
        await PoisonAsync(database);
    }

    [PostgreSqlFact]
    public async Task On_postgresql_a_poison_message_stops_its_subject_alone_and_is_a_dead_letter_after_a_kill_too()
    {
        await using var database = await TestDatabase.FilledAsync(DatabaseProvider.PostgreSql);
        await PoisonAsync(database);
    }

    private static async Task PoisonAsync(TestDatabase database)
    {
        await using var fleet = await Fleet.StartAsync(database, hosts: 1, ("Messaging:MaxAttempts", $"{MaxAttempts}"));
        var books = new Books(database);
        using var rush = await Rush.ComeAsync(fleet.Addresses, await books.WellStockedAsync(8), customers: 30);
        var wave = (await rush.PrepareAsync())();
        await rush.AnsweredAsync(5);

        var order = Guid.CreateVersion7();
        var poison = await PostAsync(database, order, version: 1, "Catalog.ReserveStock", $$"""{"orderId":"{{order}}","lines":"all of them"}""");
        var later = await PostAsync(database, order, version: 2, "Catalog.ReleaseStock", $$"""{"orderId":"{{order}}"}""");
        await Eventually.TrueAsync(
            async () =>
            {
                var (first, second) = await StatesAsync(database, poison, later);
                (first is InboxState.Pending or InboxState.Dead).ShouldBeTrue($"the poison is {first}");
                (second is InboxState.Handled && first is InboxState.Pending).ShouldBeFalse("the later message may not pass one that is still tried");
                return second is InboxState.Handled;
            },
            "the message behind the poison to be handled",
            TimeSpan.FromSeconds(60));
        await wave;
        rush.Told.Count.ShouldBe(30);

        await fleet.KillAsync(0);
        await fleet.RestartAsync(0);
        using var operators = await fleet[0].LogInOperatorAsync();
        var cause = (await operators.GetAsync(Letters("/causes")).ShouldBeAsync(200)).AsArray().ShouldHaveSingleItem()!;
        Said(cause, "cause").ShouldStartWith("System.Text.Json.JsonException: ");
        Said(cause, "type").ShouldBe("Catalog.ReserveStock");
        cause["count"]!.GetValue<int>().ShouldBe(1);
        var details = await operators.GetAsync(Letters($"/{poison}")).ShouldBeAsync(200);
        details["letter"]!["attempts"]!.GetValue<int>().ShouldBe(MaxAttempts);
        Said(details["letter"]!, "subject").ShouldBe($"order/{order}");
        Said(details["letter"]!, "cause").ShouldBe(Said(cause, "cause"));
        Said(details, "data").ShouldContain("all of them");

        await operators.PostAsJsonAsync(Letters($"/{poison}/discard"), new { reason = "no such order" }).ShouldHaveStatusAsync(204);
        await books.ReconcileAsync(rush, fleet.Provider);
    }

    private static Uri Letters(string path) => new($"/api/v1/messages/catalog/dead-letters{path}", UriKind.Relative);

    private static string Said(JsonNode answer, string name) => answer[name]!.GetValue<string>();

    private static async Task<Guid> PostAsync(TestDatabase database, Guid order, long version, string type, string data)
    {
        var envelope = new Envelope(Guid.CreateVersion7(), "Ordering", type, 1, $"order/{order}", new Sequence(version, 0), TimeProvider.System.GetUtcNow(), null, data);
        await using var catalog = database.Open<CatalogDbContext>();
        catalog.Add(InboxMessage.Of(envelope, envelope.Time, dueAt: envelope.Time));
        await catalog.SaveChangesAsync();
        return envelope.Id;
    }

    private static async Task<(InboxState First, InboxState Second)> StatesAsync(TestDatabase database, Guid first, Guid second)
    {
        await using var catalog = database.Open<CatalogDbContext>();
        var states = await catalog.Set<InboxMessage>().Where(m => m.MessageId == first || m.MessageId == second).ToDictionaryAsync(m => m.MessageId, m => m.State);
        return (states[first], states[second]);
    }
}
