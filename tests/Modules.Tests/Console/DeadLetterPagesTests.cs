using System.Net;
using ModularShop.Catalog.Contracts;
using ModularShop.Messaging;

namespace Modules.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class DeadLetterPagesTests(ConsoleShop shop)
{
    private const string Evil = "<script>alert('x')</script>";

    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task What_a_dead_letter_holds_is_text()
    {
        var id = await DieAsync($$"""{"orderId":"{{Guid.CreateVersion7()}}","note":"</textarea>{{Evil}}"}""");
        using var browser = shop.Looking();
        foreach (var page in new[] { "/console/messages", "/console/messages/catalog", $"/console/messages/catalog/letters/{id}", $"/console/messages/catalog/letters/{id}/retry", $"/console/messages/journeys/{TraceId}" })
        {
            var html = await ConsoleShop.SeeAsync(browser, page);
            html.ShouldNotContain(Evil, customMessage: page);
            html.ShouldNotContain("</textarea><script", customMessage: page);
            html.ShouldContain("&lt;script&gt;", customMessage: page);
        }
    }

    [Fact]
    public async Task A_letter_is_handled_again_with_other_data_once_that_is_of_its_type()
    {
        var id = await DieAsync("""{"orderId":"nonsense"}""");
        using var browser = shop.Looking();
        var (page, good) = ($"/console/messages/catalog/letters/{id}", $$"""{"orderId":"{{Guid.CreateVersion7()}}"}""");

        var bad = await ConsoleShop.SendAsync(browser, page, $"{page}/edit", ("data", """{"orderId":7}"""), ("reason", "it was broken"));
        bad.Status.ShouldBe(HttpStatusCode.BadRequest);
        bad.Html.ShouldContain("is no Catalog.ReleaseStock of version 1");
        bad.Html.ShouldContain("it was broken", customMessage: "what was typed is kept");
        (await ConsoleShop.SendAsync(browser, page, $"{page}/edit", ("data", "no JSON"), ("reason", "it was broken"))).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await ConsoleShop.SendAsync(browser, page, $"{page}/edit", ("data", good), ("reason", ""))).Status.ShouldBe(HttpStatusCode.BadRequest);

        (await ConsoleShop.SendAsync(browser, page, $"{page}/edit", ("data", good), ("reason", "it was broken"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await shop.HandledAsync("Catalog", id);
        var row = await shop.ReadAsync("Catalog", async db => (await db.FindAsync<InboxMessage>(id))!);
        row.Data.ShouldBe(good);
        row.LastError!.ShouldStartWith("Edited by ");
        row.LastError!.ShouldContain("it was broken The data before: {\"orderId\":\"nonsense\"}");

        (await ConsoleShop.SeeAsync(browser, page, 404)).ShouldContain("may have been retried or discarded already");
        var late = await ConsoleShop.SendAsync(browser, "/console/messages", $"{page}/discard", ("reason", "too late"));
        late.Status.ShouldBe(HttpStatusCode.NotFound);
        late.Html.ShouldContain("Dead letters of Catalog");
    }

    [Fact]
    public async Task Letters_are_retried_by_cause_and_discarded_with_a_reason()
    {
        var (id, cause) = (await DieAsync($$"""{"orderId":"{{Guid.CreateVersion7()}}"}""", cause: "System.TimeoutException: \"it\" took $ too long"), "System.TimeoutException: \"it\" took $ too long");
        using var browser = shop.Looking();
        WebUtility.HtmlDecode(await ConsoleShop.SeeAsync(browser, $"/console/messages/catalog/retry?cause={Uri.EscapeDataString(cause)}&type=Catalog.ReleaseStock"))
            .ShouldContain("--cause 'System.TimeoutException: \"it\" took $ too long' --type Catalog.ReleaseStock");
        (await ConsoleShop.SendAsync(browser, "/console/messages", "/console/messages/catalog/retry", ("cause", cause), ("type", "Catalog.ReleaseStock"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        await shop.HandledAsync("Catalog", id);

        var other = await DieAsync("{}");
        (await ConsoleShop.SendAsync(browser, "/console/messages", $"/console/messages/catalog/letters/{other}/discard", ("reason", "made by a test"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await shop.ReadAsync("Catalog", async db => (await db.FindAsync<InboxMessage>(other))!)).LastError!.ShouldContain(": made by a test");
    }

    [Fact]
    public async Task Letters_are_listed_by_cause_and_what_was_ticked_stays_in_the_command()
    {
        var (one, other) = (await DieAsync("{}", cause: "System.TimeoutException: a & b"), await DieAsync("{}", cause: "System.FormatException: c"));
        using var browser = shop.Looking();
        var these = $"?cause={Uri.EscapeDataString("System.TimeoutException: a & b")}&type=Catalog.ReleaseStock";
        WebUtility.HtmlDecode(await ConsoleShop.SeeAsync(browser, "/console/messages")).ShouldContain($"/console/messages/catalog{these}");

        var html = WebUtility.HtmlDecode(await ConsoleShop.SeeAsync(browser, $"/console/messages/catalog{these}"));
        html.ShouldContain($"letters/{one}");
        html.ShouldNotContain($"letters/{other}");
        html.ShouldContain("./shop messages dead-letters Catalog --cause \"System.TimeoutException: a & b\" --type Catalog.ReleaseStock");
        using var operators = shop.Operator();
        (await operators.GetAsync(At($"/catalog/dead-letters{these}")).ShouldBeAsync(200))["items"]!.AsArray().ShouldHaveSingleItem()!["id"]!.GetValue<Guid>().ShouldBe(one);
        (await operators.GetAsync(At("/catalog/dead-letters?type=Catalog.Nothing")).ShouldBeAsync(200))["items"]!.AsArray().ShouldBeEmpty();

        var page = $"/console/messages/catalog/letters/{other}";
        var refused = await ConsoleShop.SendAsync(browser, page, $"{page}/edit", ("data", "{"), ("reason", "a try"), ("force", "true"));
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        refused.Html.ShouldContain($"--id {other} --data letter.json --force --reason &quot;a try&quot;</code>");
        foreach (var id in new[] { one, other })
        {
            await operators.PostAsJsonAsync(At($"/catalog/dead-letters/{id}/discard"), new { reason = "a test has ended" }).ShouldHaveStatusAsync(204);
        }
    }

    [Fact]
    public async Task The_api_counts_what_waits_names_the_flows_and_follows_a_trace()
    {
        var id = await DieAsync("{}");
        using var operators = shop.Operator();
        (await operators.GetAsync(At("/catalog/backlog")).ShouldBeAsync(200))["dead"]!.GetValue<int>().ShouldBeGreaterThan(0);
        (await operators.GetAsync(At("")).ShouldBeAsync(200)).AsArray()
            .ShouldContain(f => f!["type"]!.GetValue<string>() == "Catalog.ReleaseStock" && f["from"]!.GetValue<string>() == "Ordering" && f["to"]!.GetValue<string>() == "Catalog");
        (await operators.GetAsync(At($"/catalog/journey/{TraceId}")).ShouldBeAsync(200)).AsArray()
            .ShouldContain(s => s!["id"]!.GetValue<Guid>() == id && s["state"]!.GetValue<string>() == "Dead" && s["from"]!.GetValue<string>() == "Ordering");
        await operators.GetAsync(At("/nothing/backlog")).ShouldFailAsync(404, "messages.unknown_module");
        await operators.GetAsync(At("/catalog/journey/nonsense")).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(At($"/catalog/dead-letters/{Guid.CreateVersion7()}/edit"), new { data = "{}", reason = "a test" }).ShouldFailAsync(404, "messages.dead_letter_not_found");
        await operators.PostAsJsonAsync(At($"/catalog/dead-letters/{id}/edit"), new { data = "{", reason = "a test" }).ShouldFailAsync(400, "messages.not_its_type");
        foreach (var address in new[] { "", "/catalog/backlog", $"/catalog/journey/{TraceId}" })
        {
            await shop.Customer().GetAsync(At(address)).ShouldHaveStatusAsync(403);
            await shop.Anonymous().GetAsync(At(address)).ShouldHaveStatusAsync(401);
        }
    }

    /// <summary>A message that Catalog has given up on.</summary>
    private Task<Guid> DieAsync(string data, string cause = $"System.InvalidOperationException: {Evil}") => shop.ReadAsync("Catalog", async db =>
    {
        var (id, now) = (Guid.CreateVersion7(), shop.Clock.GetUtcNow());
        var message = InboxMessage.Of(
            new Envelope(id, "Ordering", MessageTypes.NameOf(typeof(ReleaseStock)), 1, $"checkout/{id}{Evil}", new Sequence(1, 0), now, $"00-{TraceId}-b7ad6b7169203331-01", data), now, now);
        (message.State, message.Attempts, message.Cause, message.LastError) = (InboxState.Dead, 10, cause, $"{cause}\n   at {Evil}");
        await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
        db.Add(message);
        await db.SaveChangesAsync();
        await transaction.CommitAsync(CancellationToken.None);
        return id;
    });

    private static Uri At(string address) => new($"/api/v1/messages{address}", UriKind.Relative);
}
