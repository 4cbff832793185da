using System.Text;
using ModularShop.Facade;

namespace Modules.Tests.Facade;

public sealed class AnswerComparerTests
{
    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b": [ 1.0, 2e0 ], "a": 1.00 }""")]
    [InlineData("""{"n":100000000000000000000000000000001}""", """{"n":100000000000000000000000000000001.0}""")]
    [InlineData("""{"t":"\u00e9\n"}""", """{"t":"é\u000a"}""")]
    [InlineData("[]", " [ ] ")]
    [InlineData("null", "null")]
    [InlineData("", "")]
    [InlineData("not json", "not json")]
    public void What_means_the_same_is_equal(string monolith, string service) => Compare(monolith, service).ShouldBeEmpty();

    [Theory]
    [InlineData("""{"price":{"amount":100}}""", """{"price":{"amount":101}}""", "price.amount", "100", "101")]
    [InlineData("""{"n":100000000000000000000000000000001}""", """{"n":100000000000000000000000000000002}""", "n", "100000000000000000000000000000001", "100000000000000000000000000000002")]
    [InlineData("""{"items":[[1],[2,{"x":"a"}]]}""", """{"items":[[1],[2,{"x":"b"}]]}""", "items[1][1].x", "\"a\"", "\"b\"")]
    [InlineData("""{"items":[1,2]}""", """{"items":[1]}""", "items[1]", "2", null)]
    [InlineData("""{"items":[1]}""", """{"items":[1,{"a":null}]}""", "items[1]", null, """{"a":null}""")]
    [InlineData("""{"a":1,"b":2}""", """{"a":1}""", "b", "2", null)]
    [InlineData("""{"a":1}""", """{"a":1,"b":2}""", "b", null, "2")]
    [InlineData("""{"a":null}""", """{}""", "a", "null", null)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", "a", "1", "\"1\"")]
    [InlineData("""{"a":true}""", """{"a":false}""", "a", "true", "false")]
    [InlineData("""{"a":{}}""", """{"a":[]}""", "a", "{}", "[]")]
    [InlineData("""{"a.b":{"[":1}}""", """{"a.b":{"[":2}}""", "['a.b']['[']", "1", "2")]
    [InlineData("[1]", "1", "$", "[1]", "1")]
    [InlineData("""{"A":1,"a":1}""", """{"A":1,"a":2}""", "a", "1", "2")]
    public void What_differs_is_named_by_its_path_with_both_values(string monolith, string service, string path, string? ours, string? theirs) =>
        Compare(monolith, service).ShouldHaveSingleItem().ShouldBe(new Difference(path, ours, theirs));

    [Fact]
    public void Elements_are_compared_in_their_order() => Compare("[1,2]", "[2,1]").Select(d => d.Path).ShouldBe(["[0]", "[1]"]);

    [Theory]
    [InlineData("""{"a":1}""", "<html>", "7 bytes of JSON, the first 0 the same", "6 bytes, no JSON, the first 0 the same")]
    [InlineData("abc", "abd", "3 bytes, no JSON, the first 2 the same", "3 bytes, no JSON, the first 2 the same")]
    [InlineData("""{"a":1}""", "", "7 bytes of JSON, the first 0 the same", "0 bytes, no JSON, the first 0 the same")]
    [InlineData("""{"a":1}""", """{"a":1,"a":1}""", "7 bytes of JSON, the first 6 the same", "13 bytes, no JSON, the first 6 the same")]
    public void What_is_no_json_is_compared_byte_by_byte(string monolith, string service, string ours, string theirs) =>
        Compare(monolith, service).ShouldHaveSingleItem().ShouldBe(new Difference("body", ours, theirs));

    [Theory]
    [InlineData("items[*].next", true)]
    [InlineData("items[1].next", true)]
    [InlineData("items[0].next", false)]
    [InlineData("$.Items[*].NEXT", true)]
    [InlineData("items[*].*", true)]
    [InlineData("*[*].next", true)]
    [InlineData("items", true)]
    [InlineData("items[*]", true)]
    [InlineData("next", false)]
    [InlineData("items.next", false)]
    public void A_field_that_is_ignored_may_differ_or_be_missing(string ignored, bool equal)
    {
        var rules = ShadowRules.Default.With([FieldPath.Parse(ignored)!]);
        Compare("""{"items":[{"next":1},{"next":2}]}""", """{"items":[{"next":1},{"next":3}]}""", rules).Count.ShouldBe(equal ? 0 : 1);
        Compare("""{"items":[{"next":1},{"next":2}]}""", """{"items":[{"next":1},{}]}""", rules).Count.ShouldBe(equal ? 0 : 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("$")]
    [InlineData(".")]
    [InlineData("a..b")]
    [InlineData("a[")]
    [InlineData("a[x]")]
    [InlineData("a[-1]")]
    [InlineData("a]")]
    [InlineData("a[0]b")]
    [InlineData("['a")]
    public void What_is_no_path_is_not_taken_for_one(string text) => FieldPath.Parse(text).ShouldBeNull();

    [Fact]
    public void The_status_and_the_headers_that_matter_are_compared()
    {
        var monolith = new Answer(200, Headers(("content-type", "application/json; charset=utf-8"), ("ETag", "\"1\""), ("X-Other", "a")), Body("{}"));
        var service = new Answer(404, Headers(("Content-Type", "application/JSON;charset=utf-8"), ("Location", "/x"), ("X-Other", "b")), Body("{}"));
        AnswerComparer.Compare(monolith, service, ShadowRules.Default).ShouldBe(
            [new Difference("status", "200", "404"), new Difference("header Location", null, "/x"), new Difference("header ETag", "\"1\"", null)]);
        var rules = ShadowRules.Default with { Headers = ["X-Other", "Set-Cookie"] };
        AnswerComparer.Compare(monolith, service with { Status = 200 }, rules).ShouldBe([new Difference("header X-Other", "a", "b")]);
    }

    [Fact]
    public void Of_a_huge_answer_that_is_all_different_only_the_first_differences_are_named()
    {
        var differences = Compare($"[{string.Join(',', Enumerable.Range(0, 100_000))}]", $"[{string.Join(',', Enumerable.Range(1, 100_000))}]");
        differences.Count.ShouldBe(AnswerComparer.MostDifferences);
        var nested = new string('[', 40_000);
        Compare(nested + "1", nested + "2").ShouldHaveSingleItem().Path.ShouldBe("body");
        Compare($$"""{"a":"{{new string('x', 100_000)}}"}""", """{"a":1}""").Single().Monolith!.Length.ShouldBeLessThan(250);
    }

    [Fact]
    public void What_is_secret_or_personal_is_never_shown()
    {
        const string ours = """{"sku":"A","customer":{"fullName":"Ann Lee","email":"x"},"cards":[{"number":4111}],"accessToken":"t1","deliveryAddress":{"zip":"1"},"price":1}""";
        const string theirs = """{"sku":"A","customer":{"fullName":"Ann Lee","email":"y"},"cards":[{"number":4112}],"accessToken":"t2","deliveryAddress":{"zip":"1"},"price":2}""";
        Compare(ours, theirs).ShouldBe(
        [
            new Difference("customer.email", Masking.Differs, Masking.Differs), new Difference("cards[0].number", Masking.Differs, Masking.Differs),
            new Difference("accessToken", Masking.Differs, Masking.Differs), new Difference("price", "1", "2"),
        ]);
        var masking = new Masking(ShadowRules.Default);
        masking.Body(Json(ours), Json(theirs)).ShouldBe(
            """{"sku":"A","customer":{"fullName":"•••","email":"•••(differs)"},"cards":"•••(differs)","accessToken":"•••(differs)","deliveryAddress":"•••","price":1}""");
        masking.Body(Json("Ann Lee, 4111"), Json(theirs)).ShouldNotContain("4111");
        // What is missing on the other side, and shown as a whole, is masked inside.
        Compare("""{"a":1,"order":{"phone":"123"}}""", """{"a":1}""").ShouldHaveSingleItem().Monolith.ShouldBe("""{"phone":"•••(differs)"}""");
        masking.Target("/api/v1/customers?email=a%40b&size=5&Card-Number=1").ShouldBe("/api/v1/customers?email=•••&size=5&Card-Number=•••");
        masking.Body(Json($"[{string.Join(',', Enumerable.Range(0, 100_000))}]"), Json("[]")).Length.ShouldBeLessThan(17_000);
    }

    [Theory]
    [InlineData("HTTPToken", true)]
    [InlineData("card_number", true)]
    [InlineData("Set-Cookie", true)]
    [InlineData("phones", true)]
    [InlineData("tokenised", false)]
    [InlineData("discard", false)]
    [InlineData("cardinality", false)]
    [InlineData("price", false)]
    public void A_member_is_masked_by_a_word_of_its_name(string name, bool masked) => new Masking(ShadowRules.Default).Hides(name).ShouldBe(masked);

    [Fact]
    public void Figures_of_a_time_are_those_of_its_end_less_those_of_its_begin()
    {
        var figures = new ShadowFigures(1, DateTimeOffset.UnixEpoch);
        figures.Read().MismatchRate.ShouldBeNull();
        figures.Count(ShadowOutcome.Different);
        var then = figures.Read();
        then.MismatchRate.ShouldBe(1);
        foreach (var outcome in new[] { ShadowOutcome.Equal, ShadowOutcome.Settled, ShadowOutcome.Equal, ShadowOutcome.Different, ShadowOutcome.TimedOut })
        {
            figures.Count(outcome);
        }

        var after = figures.Read().After(then);
        (after.Compared, after.Equal, after[ShadowOutcome.TimedOut], after.MismatchRate).ShouldBe((4, 3, 1, 0.25));
        // They began anew in between: nothing is taken away from them.
        var anew = new ShadowFigures(3, DateTimeOffset.UnixEpoch.AddDays(1));
        anew.Count(ShadowOutcome.Equal);
        anew.Read().After(then).Compared.ShouldBe(1);
    }

    private static IReadOnlyList<Difference> Compare(string monolith, string service, ShadowRules? rules = null) =>
        AnswerComparer.Compare(Json(monolith), Json(service), rules ?? ShadowRules.Default);

    private static Answer Json(string body) => new(200, Headers(("Content-Type", "application/json")), Body(body));

    private static ReadOnlyMemory<byte> Body(string text) => Encoding.UTF8.GetBytes(text);

    private static Dictionary<string, string> Headers(params (string Name, string Value)[] headers) =>
        headers.ToDictionary(h => h.Name, h => h.Value, StringComparer.OrdinalIgnoreCase);
}
