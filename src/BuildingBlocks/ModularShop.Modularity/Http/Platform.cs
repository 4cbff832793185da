using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;
using ModularShop.Modularity.Security;
using ModularShop.Modularity.Telemetry;

namespace ModularShop.Modularity.Http;

/// <summary>What every process that hosts modules has at its edge, the monolith and the extracted services alike.</summary>
public static class Platform
{
    private const long MaxBodyBytes = 1024 * 1024;

    /// <summary>What a service takes leaves room for what the facade adds to a request: the one that was let in is not refused behind it.</summary>
    private const int MostHeaderBytes = 16 * 1024;

    private const int MostHeaders = 64;

    /// <summary>A page tells people that their search is too long; what is longer than this is refused before anybody can.</summary>
    private const int MostLineBytes = 128 * 1024;

    /// <param name="deployable">What this process is: the monolith, or the service of the module that bears this name.</param>
    public static WebApplicationBuilder AddPlatform(this WebApplicationBuilder builder, string deployable = Deployable.Monolith)
    {
        var here = new Deployable(deployable);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            // Others take a line feed alone for the end of a line, or not.
            AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
            kestrel.AddServerHeader = false;
            var (limits, room) = (kestrel.Limits, here.Side is Owner.Monolith ? 1 : 2);
            limits.MaxRequestBodySize = MaxBodyBytes;
            limits.MaxRequestLineSize = MostLineBytes * room;
            limits.MaxRequestHeadersTotalSize = MostHeaderBytes * room;
            limits.MaxRequestHeaderCount = MostHeaders * room;
        });
        builder.Services.AddSingleton(new PublicAddresses(builder.Configuration[WebHostDefaults.ServerUrlsKey]));
        builder.AddPeers(here);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(here);
        services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(o => o.ThrowOnBadRequest = true);
        services.AddProblemDetails(o => o.CustomizeProblemDetails = Problems.Complete);
        services.AddExceptionHandler<ExceptionToProblem>();
        services.AddShopSecurity();
        services.AddTrustedProxies();
        services.AddCrossOrigin();
        services.AddAnswerCache();
        services.AddExaminations();
        services.AddShopTelemetry(builder.Configuration, builder.Environment);
        var health = services.AddHealthChecks()
            .AddCheck<DeployableHealth>("deployable", tags: ["live", "ready"])
            .AddCheck<DatabaseHealth>("databases", tags: ["ready"]);
        if (here.Side is Owner.Service)
        {
            services.AddPublishedTokenKeys(health);
            services.AddSettings<ServiceOptions>("Service");
            services.AddSingleton<IValidateOptions<ServiceOptions>, ServiceRules>();
        }

        if (builder.Environment.IsProduction())
        {
            builder.Logging.AddJsonConsole(json => json.UseUtcTimestamp = true);
        }
        else
        {
            services.ConfigureHttpClientDefaults(client => client.AddHttpMessageHandler(() => new NoNetworkInTransactions()));
        }

        return builder;
    }

    /// <param name="forPeople">Where failures become something else than problem details.</param>
    /// <param name="whoIsIt">Where an endpoint takes who is logged in from something else than the token of a header.</param>
    public static WebApplication UsePlatform(this WebApplication app, Action<IApplicationBuilder>? forPeople = null, Action<IApplicationBuilder>? whoIsIt = null)
    {
        app.UseTrustedProxies();
        app.UseSecurityHeaders();
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseExceptionHandler();
        app.UseStatusCodePages();
        forPeople?.Invoke(app);
        app.RefuseDoubtfulRequests();
        app.UsePeers();
        app.UseRouting();
        app.HidePeerEndpoints();
        app.UseCors();
        whoIsIt?.Invoke(app);
        app.UseAuthentication();
        app.RefuseStaleTokens();
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseOutputCache();
        app.MapHealth("/health/live", check => check.Tags.Contains("live"));
        app.MapHealth("/health/ready", check => check.Tags.Contains("ready"));
        return app;
    }

    public static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static void MapHealth(this WebApplication app, string path, Func<HealthCheckRegistration, bool> checks) =>
        app.MapHealthChecks(path, new HealthCheckOptions
        {
            Predicate = checks,
            ResponseWriter = static (context, report) => context.Response.WriteAsJsonAsync(new
            {
                status = report.Status.ToString(),
                checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString(), e.Value.Description, e.Value.Data }, StringComparer.Ordinal),
            }),
        }).ForEveryone().DisableRateLimiting();
}

/// <summary>Ready means that every module's database answers.</summary>
internal sealed class DatabaseHealth(ModuleRegistry modules, IServiceScopeFactory scopes) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var answers = await Task.WhenAll(modules.Modules.Select(m => AskAsync(m, cancellationToken)));
        var data = answers.ToDictionary(a => a.Module, a => (object)(a.Answers ? "answers" : "does not answer"), StringComparer.Ordinal);
        var silent = answers.Where(a => !a.Answers).Select(a => a.Module).ToList();
        return silent.Count == 0
            ? HealthCheckResult.Healthy("Every module's database answers.", data)
            : HealthCheckResult.Unhealthy($"No answer from the database of {string.Join(", ", silent)}.", data: data);
    }

    private async Task<(string Module, bool Answers)> AskAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
            return (module.Name, await database.Database.CanConnectAsync(limit.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return (module.Name, false);
        }
    }
}
