using System.Net.Http.Json;

namespace Modules.Tests;

[Collection(Shop.Name)]
public sealed class OwnershipApiTests(ShopFixture shop)
{
    private static readonly Uri All = new("/api/v1/ownership", UriKind.Relative);

    [Fact]
    public async Task An_operator_sees_who_owns_what()
    {
        var owners = (await shop.Operator().GetAsync(All).ShouldBeAsync(200)).AsArray();
        owners.Select(o => o!["module"]!.GetValue<string>()).ShouldBe(["Catalog", "Ordering", "Payments", "Shipping", "Customers"], ignoreOrder: true);
        owners.ShouldAllBe(o => o!["owner"]!.GetValue<string>() == "monolith" && o["epoch"]!.GetValue<long>() == 1 && o["changedAt"] == null);
    }

    [Theory]
    [InlineData("nothing", "service", 1, "to try it", 404, "ownership.unknown_module")]
    [InlineData("catalog", "nobody", 1, "to try it", 400, "ownership.unknown_owner")]
    [InlineData("catalog", "1", 1, "to try it", 400, "ownership.unknown_owner")]
    [InlineData("catalog", "service", 1, "to try it", 409, "ownership.no_service")]
    [InlineData("catalog", "monolith", 7, "to try it", 409, "ownership.stale_epoch")]
    [InlineData("catalog", "monolith", -1, "to try it", 409, "ownership.stale_epoch")]
    [InlineData("catalog", "monolith", 1, "  ", 400, "request.invalid")]
    public async Task A_change_that_cannot_be_is_refused_with_its_reason(string module, string owner, long expectedEpoch, string reason, int status, string code)
    {
        await shop.Operator().PutAsJsonAsync(new Uri($"{All}/{module}", UriKind.Relative), new { owner, expectedEpoch, reason }).ShouldFailAsync(status, code);
    }

    [Fact]
    public async Task Only_an_operator_may_look_or_change()
    {
        await shop.Anonymous().GetAsync(All).ShouldHaveStatusAsync(401);
        await shop.Customer().PutAsJsonAsync(new Uri($"{All}/catalog", UriKind.Relative), new { owner = "monolith", expectedEpoch = 1, reason = "mine now" }).ShouldHaveStatusAsync(403);
        await shop.ForgedOperator().GetAsync(All).ShouldHaveStatusAsync(401);
    }
}
