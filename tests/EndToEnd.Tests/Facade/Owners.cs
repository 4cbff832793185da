using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Facade;

internal static class Owners
{
    /// <summary>Gives the module's data to the other side; returns which that is.</summary>
    public static async Task<string> ChangeOwnerAsync(this HttpClient operators, string module)
    {
        var path = new Uri("/api/v1/ownership", UriKind.Relative);
        var now = (await operators.GetAsync(path).ShouldBeAsync(200)).AsArray().Single(m => m!["module"]!.GetValue<string>() == module)!;
        var owner = now["owner"]!.GetValue<string>() == "monolith" ? "service" : "monolith";
        await operators.PutAsJsonAsync($"{path}/{module}", new { owner, expectedEpoch = now["epoch"]!.GetValue<long>(), reason = "a test" }).ShouldBeAsync(200);
        return owner;
    }
}
