using System.Net;
using ModularShop.Boundaries.Engine;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;
using ModularShop.Neighbour;
using ModularShop.Neighbour.Infrastructure;

namespace Boundaries.Tests;

/// <summary>Rule 9, as it behaves: a process as the platform builds it, a client of its factory, a transaction on a real file.</summary>
public sealed class NetworkInTransactionsTests : IDisposable
{
    private static readonly Uri Somewhere = new("https://127.0.0.1/somewhere");

    private readonly string _folder = Directory.CreateTempSubdirectory("boundaries-").FullName;

    [Theory]
    [InlineData("Development")]
    [InlineData("Test")]
    public async Task A_network_call_inside_a_transaction_is_refused_until_it_ends(string environment)
    {
        await using var app = Build(environment);
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<NeighbourDbContext>();
        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");

        (await client.GetAsync(Somewhere)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await using (await database.BeginWriteAsync(CancellationToken.None))
        {
            var refusal = await Should.ThrowAsync<InvalidOperationException>(() => client.GetAsync(Somewhere));
            refusal.Message.ShouldContain(Somewhere.ToString());
            refusal.Message.ShouldContain("'neighbour'");
            await Should.ThrowAsync<InvalidOperationException>(() => Task.Run(() => client.GetAsync(Somewhere)));
        }

        (await client.GetAsync(Somewhere)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_transaction_that_fails_to_begin_leaves_the_network_open()
    {
        await using var app = Build("Test");
        await using var scope = app.Services.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<NeighbourDbContext>();

        await Should.ThrowAsync<OperationCanceledException>(() => database.BeginWriteAsync(new CancellationToken(canceled: true)));

        TransactionFlow.OpenIn.ShouldBeNull();
    }

    [Fact]
    public async Task A_transaction_of_one_request_does_not_concern_another()
    {
        await using var app = Build("Test");
        using var client = app.Services.GetRequiredService<IHttpClientFactory>().CreateClient("any");
        var opened = new TaskCompletionSource();
        var called = new TaskCompletionSource();
        var transaction = Task.Run(async () =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            await using var open = await scope.ServiceProvider.GetRequiredService<NeighbourDbContext>().BeginWriteAsync(CancellationToken.None);
            opened.SetResult();
            await called.Task;
        });

        await opened.Task;
        var answer = await client.GetAsync(Somewhere);
        called.SetResult();
        await transaction;

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("M:System.Net.Http.HttpClient.#ctor;")]
    [InlineData("M:System.Net.Http.HttpClient.#ctor(System.Net.Http.HttpMessageHandler);")]
    [InlineData("M:Microsoft.EntityFrameworkCore.Infrastructure.DatabaseFacade.BeginTransactionAsync(System.Threading.CancellationToken);")]
    [InlineData("T:System.Transactions.TransactionScope;")]
    public void What_would_get_round_the_guard_is_banned(string symbol) =>
        File.ReadAllText(Path.Combine(Solution.Root, "BannedSymbols.txt")).ShouldContain(symbol);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private WebApplication Build(string environment)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment, ContentRootPath = _folder });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Database:DataFolder"] = _folder });
        builder.AddPlatform().AddModules(new NeighbourModule());
        builder.Services.ConfigureHttpClientDefaults(client => client.ConfigurePrimaryHttpMessageHandler(() => new AlwaysOk()));
        // The neighbour's own neighbour is not here.
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = false);
        return builder.Build();
    }

    private sealed class AlwaysOk : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
