using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Http;
using Shouldly;

namespace ModularShop.TestKit;

public static class HttpExpectations
{
    public static readonly JsonSerializerOptions Json = MakeJson();

    /// <summary>The body, after checking that the status is the expected one.</summary>
    public static async Task<T> ShouldBeAsync<T>(this Task<HttpResponseMessage> sending, int status)
    {
        using var response = await sending;
        await CheckAsync(response, status);
        return (await response.Content.ReadFromJsonAsync<T>(Json))!;
    }

    public static Task<JsonNode> ShouldBeAsync(this Task<HttpResponseMessage> sending, int status) => sending.ShouldBeAsync<JsonNode>(status);

    /// <summary>No body is looked at.</summary>
    public static async Task ShouldHaveStatusAsync(this Task<HttpResponseMessage> sending, int status)
    {
        using var response = await sending;
        await CheckAsync(response, status);
    }

    /// <summary>Problem details with that status and code; returns them.</summary>
    public static async Task<JsonNode> ShouldFailAsync(this Task<HttpResponseMessage> sending, int status, string code)
    {
        using var response = await sending;
        await CheckAsync(response, status);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json");
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(Json))!;
        problem["code"]!.GetValue<string>().ShouldBe(code, problem.ToJsonString());
        problem["detail"]!.GetValue<string>().ShouldNotBeNullOrWhiteSpace();
        return problem;
    }

    /// <summary>Who gave the answer: <c>monolith</c> or <c>catalog-service</c>.</summary>
    public static string AnsweredBy(this HttpResponseMessage response) => response.Headers.GetValues("X-Answered-By").Single().Split(';')[0];

    private static async Task CheckAsync(HttpResponseMessage response, int status)
    {
        if ((int)response.StatusCode != status)
        {
            var body = await response.Content.ReadAsStringAsync();
            throw new ShouldAssertException($"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} answered {(int)response.StatusCode}, not {status}: {body}");
        }
    }

    private static JsonSerializerOptions MakeJson()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Platform.Configure(json);
        json.UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Skip;
        return json;
    }
}
