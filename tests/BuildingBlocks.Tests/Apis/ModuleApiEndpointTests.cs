using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace BuildingBlocks.Tests.Apis;

/// <summary>What comes in at <c>/internal/apis</c>.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
public sealed class ModuleApiEndpointTests : WithDatabases
{
    private readonly Line _line = new();

    [Fact]
    public async Task What_is_no_question_is_refused_and_who_is_no_peer_finds_nothing()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        (await AskAsync("receiver/getanswerer", """{ "question": "?", "newer": [1] }""").ShouldBeAsync<JsonNode>(200))["deployable"]!.GetValue<string>().ShouldBe("Monolith");
        await AskAsync("receiver/getSecrets", "{}").ShouldFailAsync(404, "module.unknown_question");
        await AskAsync("receiver/GetHashCode", "{}").ShouldFailAsync(404, "module.unknown_question");
        await AskAsync("nobody/getAnswerer", "{}").ShouldFailAsync(404, "module.unknown_question");
        await AskAsync("sender/getAnswerer", "{}").ShouldFailAsync(404, "module.unknown_question");
        foreach (var body in new[] { "", "null", "[]", "{}", """{"question":null}""", """{"question":7}""", """{"question":["?"]}""", """{"question":"?" """, "not json" })
        {
            await AskAsync("receiver/getAnswerer", body).ShouldFailAsync(400, "request.invalid");
        }

        await AskAsync("receiver/getAnswerer", $$"""{"question":"{{new string('x', 300_000)}}"}""").ShouldFailAsync(413, "request.too_large");

#pragma warning disable RS0030 // a test's client of a process of its own needs no factory
        using var outsider = new HttpClient { BaseAddress = monolith.Public };
#pragma warning restore RS0030
        using var question = new StringContent("""{"question":"?"}""", Encoding.UTF8, "application/json");
        (await outsider.PostAsync(new Uri("internal/apis/receiver/getAnswerer", UriKind.Relative), question)).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        Task<HttpResponseMessage> AskAsync(string path, string body) => PostAsync(receiver, Deployable.Monolith, path, body);
    }

    [Fact]
    public async Task Who_does_not_own_the_module_says_who_does_and_answers_nothing()
    {
        await using var monolith = await Host.StartAsync(Database, _line, Deployable.Monolith);
        await using var receiver = await Host.StartAsync(Database, _line, "Receiver");
        var refused = await PostAsync(monolith, "Receiver", Question, Body, epoch: 1).ShouldFailAsync(409, "module.not_the_owner");
        refused["owner"]!.GetValue<string>().ShouldBe("Monolith");
        refused["epoch"]!.GetValue<long>().ShouldBe(1);

        // The sender is ahead: it is waited for.
        var waiting = PostAsync(monolith, "Receiver", Question, Body, epoch: 2).ShouldBeAsync<JsonNode>(200);
        await monolith.MoveAsync("Receiver", Owner.Service);
        (await waiting)["deployable"]!.GetValue<string>().ShouldBe("Receiver");

        // Its own service believes that the monolith owns it: the monolith does not send it back in a circle.
        await PostAsync(receiver, Deployable.Monolith, Question, Body, epoch: 1).ShouldFailAsync(409, "module.not_the_owner");
    }

    [Theory]
    [InlineData(typeof(INoTaskApi))]
    [InlineData(typeof(INoTokenApi))]
    [InlineData(typeof(ITwiceApi))]
    [InlineData(typeof(Named))]
    public void An_interface_that_cannot_be_asked_across_processes_stops_the_start(Type type) =>
        Should.Throw<Exception>(() => new ModuleApi(type)).GetBaseException().ShouldBeOfType<InvalidOperationException>();

    private const string Question = "Receiver/GetAnswerer";

    private const string Body = """{"question":"?"}""";

    private static async Task<HttpResponseMessage> PostAsync(Host from, string to, string path, string body, long? epoch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"internal/apis/{path}", UriKind.Relative))
        {
            Version = PeerClients.Version, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        if (epoch is { } known)
        {
            request.Headers.Add(PeerHeaders.Epoch, known.ToString(CultureInfo.InvariantCulture));
        }

        return await from.Services.GetRequiredService<PeerClients>().For(to).SendAsync(request);
    }

    private interface INoTaskApi
    {
        ValueTask<int> GetAsync(CancellationToken cancellationToken);
    }

    private interface INoTokenApi
    {
        Task<int> GetAsync(int number);
    }

    private interface ITwiceApi
    {
        Task<int> GetAsync(CancellationToken cancellationToken);

        Task<int> GetAsync(int number, CancellationToken cancellationToken);
    }

    private interface Named;
}
