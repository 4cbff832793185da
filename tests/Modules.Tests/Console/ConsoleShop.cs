using System.Net;
using System.Text.RegularExpressions;

namespace Modules.Tests.Console;

/// <summary>A shop whose Catalog has a service, which is a double; and operators who look at pages.</summary>
public sealed partial class ConsoleShop() : ShopWithDouble("Catalog")
{
    /// <summary>An operator with a browser.</summary>
    internal HttpClient Looking() => Browser(Operator());

    internal static HttpClient Browser(HttpClient client)
    {
        client.DefaultRequestHeaders.Accept.ParseAdd("text/html");
        return client;
    }

    internal Task<long> RevisionAsync() => RevisionAsync(Operator());

    internal static async Task<long> RevisionAsync(HttpClient operators) =>
        (await operators.GetAsync(new Uri("/api/v1/routes", UriKind.Relative)).ShouldBeAsync(200))["revision"]!.GetValue<long>();

    /// <summary>A page's HTML.</summary>
    internal static async Task<string> SeeAsync(HttpClient browser, string address, int status = 200)
    {
        using var response = await browser.GetAsync(new Uri(address, UriKind.Relative));
        var html = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, html);
        return html;
    }

    /// <summary>Sends a form of a page that shows one, with its token.</summary>
    internal static async Task<(HttpStatusCode Status, string Html, string? To)> SendAsync(HttpClient browser, string page, string address, params (string Name, string Value)[] fields)
    {
        var token = Token().Match(await SeeAsync(browser, page)).Groups["token"].Value;
        token.ShouldNotBeEmpty();
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)).Append(KeyValuePair.Create("form-token", token)));
        using var response = await browser.PostAsync(new Uri(address, UriKind.Relative), form);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.Location?.ToString());
    }

    [GeneratedRegex("name=\"form-token\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Token();
}

/// <summary>One shop for all of the console's tests.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleShop>
{
    public const string Name = "console";
}
