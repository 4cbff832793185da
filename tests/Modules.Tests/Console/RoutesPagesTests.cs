using System.Globalization;
using System.Net;

namespace Modules.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class RoutesPagesTests(ConsoleShop shop) : IAsyncLifetime
{
    private const string Page = "/console/routes/Catalog.ListCategories";

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>What a test left of the routing is no other's.</summary>
    public Task DisposeAsync() => shop.Operator().PostAsJsonAsync(new Uri("/api/v1/routes/home", UriKind.Relative), new { reason = "a test has ended" }).ShouldHaveStatusAsync(200);

    [Fact]
    public async Task A_switch_is_shown_with_its_command_before_it_is_done_and_with_its_reason_behind()
    {
        using var browser = shop.Looking();
        var revision = await shop.RevisionAsync();
        var review = WebUtility.HtmlDecode(await ConsoleShop.SeeAsync(browser, $"{Page}/set?mode=Canary&percent=25&timeout=2&fallback=true&revision={revision}"));
        review.ShouldContain("Mode: Monolith → Canary 25 %");
        review.ShouldContain("./shop routes canary Catalog.ListCategories 25 --timeout 2s --reason");
        (await shop.RevisionAsync()).ShouldBe(revision, "a review changes nothing");

        var (status, _, to) = await ConsoleShop.SendAsync(browser, Page, $"{Page}/set", Fields("Canary", "25", revision, "a few <b>first</b>"));
        status.ShouldBe(HttpStatusCode.SeeOther);
        to.ShouldBe(Page);
        (await ConsoleShop.SeeAsync(browser, Page)).ShouldContain("Canary 25 %");
        var history = await ConsoleShop.SeeAsync(browser, "/console/routes/history");
        history.ShouldContain("a few &lt;b&gt;first&lt;/b&gt;");

        var undo = await ConsoleShop.SendAsync(
            browser, "/console/routes/history", "/console/routes/restore", ("number", Text(revision)), ("revision", Text(revision + 1)), ("reason", "too early"));
        undo.Status.ShouldBe(HttpStatusCode.SeeOther, undo.Html);
        (await shop.RevisionAsync()).ShouldBe(revision + 2);
        (await ConsoleShop.SeeAsync(browser, Page)).ShouldNotContain("Canary 25 %");
    }

    [Fact]
    public async Task What_somebody_else_has_changed_meanwhile_is_shown_and_nothing_is_done()
    {
        using var browser = shop.Looking();
        var revision = await shop.RevisionAsync();
        await shop.Operator().PutAsJsonAsync(new Uri("/api/v1/routes/Catalog.ListCategories", UriKind.Relative), new { mode = "Shadow", reason = "somebody else" }).ShouldHaveStatusAsync(200);

        foreach (var (status, html) in new[]
        {
            (409, await ConsoleShop.SeeAsync(browser, $"{Page}/set?mode=Service&timeout=2&revision={revision}", 409)),
            (409, (await ConsoleShop.SendAsync(browser, Page, $"{Page}/set", Fields("Service", "", revision, "too late"))).Html),
        })
        {
            html.ShouldContain($"at revision {revision + 1} by now");
            html.ShouldContain("The state now: mode Shadow");
            html.ShouldContain("value=\"Service\" checked", customMessage: "what was chosen stays chosen");
        }

        (await shop.RevisionAsync()).ShouldBe(revision + 1);
        var home = await ConsoleShop.SendAsync(browser, Page, "/console/routes/home", ("revision", Text(revision)), ("reason", "on what I saw"));
        home.Status.ShouldBe(HttpStatusCode.Conflict);
        home.Html.ShouldContain("Catalog.ListCategories: Shadow");
        (await ConsoleShop.SendAsync(browser, Page, "/console/routes/home", ("revision", Text(revision + 1)), ("reason", "on what there is"))).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData("Canary", "150", "2", "A whole number, 0 to 100.")]
    [InlineData("Nonsense", "5", "2", "Choose one of the four.")]
    [InlineData("Canary", "5", "soon", "A number of seconds")]
    [InlineData("Canary", "5", "Infinity", "A number of seconds")]
    [InlineData("Canary", "5", "NaN", "A number of seconds")]
    public async Task What_is_not_filled_in_right_is_said_beside_the_field(string mode, string percent, string timeout, string said) =>
        (await ConsoleShop.SeeAsync(shop.Looking(), $"{Page}/set?mode={mode}&percent={percent}&timeout={timeout}&revision={await shop.RevisionAsync()}", 400)).ShouldContain(said);

    [Fact]
    public async Task The_mode_Shadow_says_nothing_of_falling_back_whatever_is_ticked()
    {
        using var browser = shop.Looking();
        var revision = await shop.RevisionAsync();
        var review = await ConsoleShop.SeeAsync(browser, $"{Page}/set?mode=Shadow&percent=10&timeout=2&revision={revision}");
        review.ShouldContain("the monolith answers in any case");
        review.ShouldNotContain("--no-fallback");
        (await ConsoleShop.SendAsync(browser, Page, $"{Page}/set", ("mode", "Shadow"), ("timeout", "2"), ("fallback", "false"), ("revision", Text(revision)), ("reason", "to compare"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await shop.Operator().GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200))["endpoints"]!.AsArray()
            .Single(e => e!["name"]!.GetValue<string>() == "Catalog.ListCategories")!["fallback"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task What_is_left_out_of_a_plan_is_not_in_its_command()
    {
        var plan = await ConsoleShop.SeeAsync(shop.Looking(), "/console/routes/Catalog.GetProduct/rollout?steps=5,100&bake=&requests=");
        plan.ShouldContain("./shop routes rollout start Catalog.GetProduct --steps 5,100\"");
        plan.ShouldContain("Each is watched for the usual time and the usual number of requests at least");
    }

    [Fact]
    public async Task Who_owns_the_data_of_an_endpoint_that_writes_is_changed_by_a_move_or_by_a_command() =>
        (await ConsoleShop.SeeAsync(shop.Looking(), "/console/routes/Catalog.ChangePrice")).ShouldContain("./shop owner set Catalog Service");

    [Fact]
    public async Task A_reason_that_is_too_short_is_asked_for_again()
    {
        using var browser = shop.Looking();
        var revision = await shop.RevisionAsync();
        var (status, html, _) = await ConsoleShop.SendAsync(browser, Page, $"{Page}/set", Fields("Shadow", "", revision, "x"));
        status.ShouldBe(HttpStatusCode.BadRequest);
        html.ShouldContain("3 to 500 characters");
        html.ShouldContain("name=\"mode\" value=\"Shadow\"");
        (await shop.RevisionAsync()).ShouldBe(revision);
    }

    [Fact]
    public async Task A_rollout_is_begun_paused_and_ended_and_what_is_not_possible_any_more_says_so()
    {
        const string page = "/console/routes/Catalog.ListProducts";
        using var browser = shop.Looking();
        var plan = await ConsoleShop.SeeAsync(browser, $"{page}/rollout?steps=5,100&bake=3600&gates=100&requests=1000&errors=0.02&p95=2&mismatches=0");
        plan.ShouldContain("./shop routes rollout start Catalog.ListProducts --steps 5,100 --bake 3600s --gates 100 --requests 1000");
        (string, string)[] fields = [("steps", "5,100"), ("bake", "3600"), ("gates", "100"), ("requests", "1000"), ("errors", "0.02"), ("p95", "2"), ("mismatches", "0"), ("reason", "it is ready")];
        (await ConsoleShop.SendAsync(browser, page, $"{page}/rollout", fields)).Status.ShouldBe(HttpStatusCode.SeeOther);
        await Eventually.TrueAsync(async () => (await ConsoleShop.SeeAsync(browser, page)).Contains("at <strong>5 %</strong>", StringComparison.Ordinal), "the first step");

        var drawn = await ConsoleShop.SeeAsync(browser, page);
        drawn.ShouldContain("service 5 %");
        drawn.ShouldContain("failed 0 %, limit 2 %");
        var began = await BeganAsync();

        (await ConsoleShop.SendAsync(browser, page, $"{page}/rollout/pause", ("reason", "looking"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ConsoleShop.SeeAsync(browser, $"{page}/rollout/pause", 409)).ShouldContain("Paused at 5 %");
        var again = await ConsoleShop.SendAsync(browser, page, $"{page}/rollout/pause", ("reason", "looking"));
        again.Status.ShouldBe(HttpStatusCode.Conflict);
        again.Html.ShouldContain("It does not run");
        (await ConsoleShop.SendAsync(browser, page, $"{page}/rollout/abort", ("reason", "enough seen"))).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await ConsoleShop.SeeAsync(browser, page)).ShouldContain("RolledBack");
        (await BeganAsync()).ShouldBe(began, "whatever became of it, it is one rollout and one chart");

        (await ConsoleShop.SendAsync(browser, page, $"{page}/rollout", fields)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await BeganAsync()).ShouldBeGreaterThan(began, "another one, though with the same steps");

        async Task<long> BeganAsync() => (await shop.Operator().GetAsync(new Uri("/api/v1/routes/Catalog.ListProducts/rollout", UriKind.Relative)).ShouldBeAsync(200))["began"]!.GetValue<long>();
    }

    [Fact]
    public async Task A_rollout_begins_on_the_revision_that_was_looked_at_or_not_at_all_and_its_plan_stays_typed()
    {
        const string page = "/console/routes/Catalog.GetProduct";
        using var browser = shop.Looking();
        var revision = await shop.RevisionAsync();
        await shop.Operator().PutAsJsonAsync(new Uri("/api/v1/routes/Catalog.ListCategories", UriKind.Relative), new { mode = "Shadow", reason = "somebody else" }).ShouldHaveStatusAsync(200);
        var plan = "steps=7,100&bake=77&gates=100&requests=777&errors=0.07&p95=7&mismatches=0.7";

        foreach (var html in new[]
        {
            await ConsoleShop.SeeAsync(browser, $"{page}/rollout?{plan}&revision={revision}", 409),
            (await ConsoleShop.SendAsync(browser, page, $"{page}/rollout", [.. Plan(), ("revision", Text(revision)), ("reason", "too late")])).Html,
        })
        {
            html.ShouldContain($"at revision {revision + 1}");
            html.ShouldContain("name=\"steps\" value=\"7,100\"");
            html.ShouldContain("name=\"mismatches\" inputmode=\"decimal\" value=\"0.7\"");
        }

        (await ConsoleShop.SeeAsync(browser, page)).ShouldNotContain("id=\"rollout\"");
        (await ConsoleShop.SeeAsync(browser, $"{page}/rollout?{plan}&revision={revision + 1}")).ShouldContain($"name=\"revision\" value=\"{revision + 1}\"");
        (await ConsoleShop.SendAsync(browser, page, "/console/routes/home", ("revision", Text(revision + 1)), ("reason", "as it was"))).Status.ShouldBe(HttpStatusCode.SeeOther);

        (string, string)[] Plan() => [.. plan.Split('&').Select(p => (p.Split('=')[0], p.Split('=')[1]))];
    }

    [Fact]
    public async Task A_plan_with_what_is_no_number_is_refused_by_name()
    {
        const string page = "/console/routes/Catalog.GetProduct";
        using var browser = shop.Looking();
        var (status, html, _) = await ConsoleShop.SendAsync(browser, page, $"{page}/rollout", ("steps", "5,100"), ("bake", "Infinity"), ("p95", "NaN"), ("reason", "a test"));
        status.ShouldBe(HttpStatusCode.BadRequest, html);
        html.ShouldContain("BakeSeconds");
    }

    private static (string, string)[] Fields(string mode, string percent, long revision, string reason) =>
        [("mode", mode), ("percent", percent), ("timeout", "2"), ("fallback", "true"), ("revision", Text(revision)), ("reason", reason)];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
