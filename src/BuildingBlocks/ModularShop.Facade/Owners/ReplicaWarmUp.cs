using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Facade;

/// <summary>
/// Once the data of a module follows here, in a process that has never owned it, executes the module's writes as the first clients
/// behind a switch would, and undoes each: its transaction is never committed, whoever owns the data meanwhile, and as long as the
/// data follows the database refuses it.
/// </summary>
/// <remarks>Not on SQLite: a transaction that writes locks the whole file, for as long as code is compiled in it, and what is to be carried over waits.</remarks>
internal sealed class ReplicaWarmUp(
    ModuleRegistry modules, Replicas replicas, EndpointInventory inventory, IServiceScopeFactory scopes, IOptions<DatabaseOptions> database, IOptions<JsonOptions> json,
    ILogger<ReplicaWarmUp> logger) : BackgroundService
{
    /// <summary>The second time, services are resolved by code that is compiled for it.</summary>
    private const int Rounds = 2;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        database.Value.Provider is DatabaseProvider.Sqlite ? Task.CompletedTask : Task.WhenAll(modules.Modules.Select(m => WarmUpAsync(m, stoppingToken)));

    private async Task WarmUpAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(Pace);
        // Who owns the data has writes of its own to execute.
        for (var place = replicas.PlaceOf(module.Name); place is not DataPlace.Owner; place = replicas.PlaceOf(module.Name))
        {
            try
            {
                if (place is DataPlace.Replica && replicas.MayAnswer(module.Name))
                {
                    await ExecuteAllAsync(module, cancellationToken);
                    return;
                }

                await pace.WaitForNextTickAsync(cancellationToken);
            }
            catch (Exception e) when (e.IsDatabaseUnavailable())
            {
                await pace.WaitForNextTickAsync(cancellationToken);
            }
            catch (Exception e) when (!e.IsCancelled(cancellationToken))
            {
                FacadeLog.NotWarmedUp(logger, module.Name, e.DatabaseMessage());
                return;
            }
        }
    }

    private async Task ExecuteAllAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var requests = await RequestsAsync(module, cancellationToken);
        foreach (var request in Enumerable.Repeat(requests, Rounds).SelectMany(r => r))
        {
            if (await ExecuteAsync(module, request, cancellationToken) is >= StatusCodes.Status500InternalServerError and var status)
            {
                FacadeLog.NotWarmedUp(logger, module.Name, $"{request.Endpoint} answers {status}.");
                return;
            }
        }

        if (requests.Count > 0)
        {
            FacadeLog.WarmedUp(logger, module.Name, requests.Count, Rounds, (long)Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    internal async Task<IReadOnlyList<WarmUpRequest>> RequestsAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return scope.ServiceProvider.GetKeyedService<IWarmUp>(module.Name) is { } warmUp ? await warmUp.RequestsAsync(cancellationToken) : [];
    }

    /// <summary>Executes a request and undoes it.</summary>
    /// <returns>The answer's status; null where the database refused the write, as one that follows does.</returns>
    internal async Task<int?> ExecuteAsync(LoadedModule module, WarmUpRequest request, CancellationToken cancellationToken)
    {
        var endpoint = inventory.Local[inventory.ByName[request.Endpoint]];
        await using var scope = scopes.CreateAsyncScope();
        var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
        // Whatever is saved from here on is saved in it, and it is never committed.
        await using var transaction = await context.BeginWriteAsync(cancellationToken);
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(request.Body, json.Value.SerializerOptions));
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, RequestAborted = cancellationToken };
        http.Features.Set<IHttpRequestBodyDetectionFeature>(new Detected(CanHaveBody: true));
        (http.Request.Method, http.Request.Scheme, http.Request.Host) = (endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods[0], "http", new HostString("localhost"));
        (http.Request.ContentType, http.Request.ContentLength, http.Request.Body) = ("application/json", body.Length, body);
        http.Request.RouteValues = new RouteValueDictionary(request.Route);
        http.Request.Headers["Idempotency-Key"] = request.IdempotencyKey;
        http.SetEndpoint(endpoint);
        try
        {
            await endpoint.RequestDelegate!(http);
            return http.Response.StatusCode;
        }
        catch (Exception e) when (e.IsModuleMoved())
        {
            return null;
        }
    }

    private sealed record Detected(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
