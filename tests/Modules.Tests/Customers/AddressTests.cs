using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Contracts;
using ModularShop.Customers.Contracts;
using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

public sealed class AddressTests(CustomersShop shop) : IClassFixture<CustomersShop>
{
    public static readonly object Home = new { recipient = "Ada", line1 = "1 High Street", city = "London", postalCode = "SW1A 1AA", country = "gb" };

    private static readonly object Work = new { recipient = "Ada", line1 = "2 Low Street", line2 = "Floor 3", city = "Dublin", region = "Leinster", postalCode = "D02", country = "IE" };

    [Fact]
    public async Task The_first_address_is_the_default_one_until_another_is_chosen_or_it_goes()
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        var home = await AddAsync(client, Home);
        var work = await AddAsync(client, Work);
        home.Text("country").ShouldBe("GB");
        (await DefaultAsync(client)).ShouldBe(home.Text("id"));

        await client.PutAsync(new Uri($"{Api}/me/addresses/{work.Text("id")}/default", UriKind.Relative), null).ShouldHaveStatusAsync(204);
        (await DefaultAsync(client)).ShouldBe(work.Text("id"));
        await client.ForgetAsync($"me/addresses/{work.Text("id")}").ShouldHaveStatusAsync(204);
        (await DefaultAsync(client)).ShouldBe(home.Text("id"));
        await client.ForgetAsync($"me/addresses/{home.Text("id")}").ShouldHaveStatusAsync(204);
        (await ListAsync(client)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_address_is_replaced_as_a_whole()
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        var work = await AddAsync(client, Work);
        var changed = await client.PutAsJsonAsync($"{Api}/me/addresses/{work.Text("id")}", Home).ShouldBeAsync(200);
        changed.Text("city").ShouldBe("London");
        changed["line2"].ShouldBeNull();
        (await ListAsync(client)).ShouldHaveSingleItem()!.Text("line1").ShouldBe("1 High Street");
    }

    [Fact]
    public async Task A_customer_cannot_reach_somebody_elses_address()
    {
        var ada = await shop.RegisterAsync();
        using var client = shop.With(ada.AccessToken);
        var id = (await AddAsync(client, Home)).Text("id");

        using var eve = shop.With((await shop.RegisterAsync()).AccessToken);
        await AddAsync(eve, Work);
        await eve.PutAsJsonAsync($"{Api}/me/addresses/{id}", Work).ShouldFailAsync(404, "customers.address_not_found");
        await eve.ForgetAsync($"me/addresses/{id}").ShouldFailAsync(404, "customers.address_not_found");
        await eve.PutAsync(new Uri($"{Api}/me/addresses/{id}/default", UriKind.Relative), null).ShouldFailAsync(404, "customers.address_not_found");
        (await ListAsync(eve)).Select(a => a!.Text("city")).ShouldBe(["Dublin"]);
        (await ListAsync(client)).Select(a => a!.Text("city")).ShouldBe(["London"]);
    }

    [Fact]
    public async Task Other_modules_get_an_address_of_its_customer_alone()
    {
        var ada = await shop.RegisterAsync();
        var adasId = await shop.IdOfAsync(ada);
        using var client = shop.With(ada.AccessToken);
        var id = (await AddAsync(client, Work))["id"]!.GetValue<Guid>();
        var evesId = await shop.IdOfAsync(await shop.RegisterAsync());

        await using var scope = shop.Services.CreateAsyncScope();
        var api = scope.ServiceProvider.GetRequiredService<ICustomersApi>();
        (await api.GetAddressAsync(adasId, id, CancellationToken.None))
            .ShouldBe(new PostalAddress("Ada", "2 Low Street", "Dublin", "D02", "IE", "Floor 3", "Leinster"));
        (await api.GetAddressAsync(evesId, id, CancellationToken.None)).ShouldBeNull();
        (await api.GetAddressAsync(adasId, Guid.CreateVersion7(), CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Everything_wrong_with_an_address_is_named_at_once()
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        var megabyte = new string('x', 1024 * 1024);
        var problem = await client.PostAsJsonAsync(
            $"{Api}/me/addresses",
            new { recipient = " ", line1 = megabyte, line2 = "a\u0000b", city = "two\nlines", region = megabyte, postalCode = "123456789012345678901", country = "XX" })
            .ShouldFailAsync(400, "request.invalid");
        problem["errors"]!.AsObject().Select(e => e.Key)
            .ShouldBe(["recipient", "line1", "line2", "city", "region", "postalCode", "country"], ignoreOrder: true);
        await client.PostAsJsonAsync($"{Api}/me/addresses", new { recipient = "Ada" }).ShouldFailAsync(400, "request.malformed");
    }

    [Fact]
    public async Task An_account_keeps_twenty_addresses_also_when_they_come_at_the_same_time()
    {
        using var client = shop.With((await shop.RegisterAsync()).AccessToken);
        for (var i = 0; i < 18; i++)
        {
            await AddAsync(client, Home);
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.PostAsJsonAsync($"{Api}/me/addresses", Work)));
        answers.Count(a => (int)a.StatusCode == 201).ShouldBe(2);
        answers.ShouldAllBe(a => (int)a.StatusCode == 201 || (int)a.StatusCode == 409);
        (await ListAsync(client)).Count.ShouldBe(20);
        await client.PostAsJsonAsync($"{Api}/me/addresses", Work).ShouldFailAsync(409, "customers.too_many_addresses");
    }

    private static Task<JsonNode> AddAsync(HttpClient client, object address) => client.PostAsJsonAsync($"{Api}/me/addresses", address).ShouldBeAsync(201);

    private static async Task<JsonArray> ListAsync(HttpClient client) => (await client.AskAsync("me/addresses").ShouldBeAsync(200))["items"]!.AsArray();

    private static async Task<string> DefaultAsync(HttpClient client)
    {
        var id = (await ListAsync(client)).Single(a => a!["isDefault"]!.GetValue<bool>())!.Text("id");
        (await client.AskAsync("me").ShouldBeAsync(200)).Text("defaultAddressId").ShouldBe(id);
        return id;
    }
}
