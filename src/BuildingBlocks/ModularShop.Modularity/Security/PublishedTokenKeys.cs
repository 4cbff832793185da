using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Security;

/// <summary>
/// The keys that the monolith publishes, for a service, which issues no tokens; or that a service publishes, for the monolith that it has left. They are read again every few minutes, and
/// at once when a token bears the id of a key nobody here knows; while the monolith is down the last ones stay good.
/// </summary>
/// <remarks>The service of a module that issues tokens has that module's keys, and asks nobody: the one who is asked may ask it.</remarks>
internal sealed class PublishedTokenKeys(
    PeerClients peers, TimeProvider time, IServiceProvider services, ILogger<PublishedTokenKeys> logger, ModuleRegistry? modules = null) : BackgroundService, ITokenKeys, IHealthCheck
{
    private const string Scheme = "Bearer ";
    private const string Path = "api/v1/customers/jwks";
    private static readonly Uri KeySet = new(Path, UriKind.Relative);
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan UntilFirst = TimeSpan.FromMilliseconds(500);

    /// <summary>Whoever makes tokens up with ids of his own makes the monolith be asked this often, and no oftener.</summary>
    private static readonly TimeSpan AtMostEvery = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile IReadOnlyCollection<SecurityKey> _keys = [];
    private readonly string _publisher = modules?.Departed.FirstOrDefault(IsPublisher)?.Name ?? Deployable.Monolith;
    private long? _triedAt;

    public IReadOnlyCollection<SecurityKey> Current => _keys;

    /// <summary>Whether it is the module that issues the tokens.</summary>
    public static bool IsPublisher(DepartedModule module) => module.Manifest.Endpoints.Any(e => e.Route.Trim('/') == Path);

    private bool IsNeeded => services.GetRequiredService<ITokenKeys>() == this;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(_keys.Count > 0 || !IsNeeded
        ? HealthCheckResult.Healthy("The keys that access tokens are checked with are known.")
        : HealthCheckResult.Unhealthy($"The keys that access tokens are checked with have not been read from {_publisher} yet."));

    /// <summary>Before a token is checked: makes sure that a new key is known as soon as somebody uses it.</summary>
    public async Task LookUpAsync(HttpRequest request)
    {
        if (request.Headers.Authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && KeyOf(value[Scheme.Length..]) is { } id && !Knows(id))
        {
            await _reading.WaitAsync(request.HttpContext.RequestAborted);
            try
            {
                if (!Knows(id) && (_triedAt is not { } tried || time.GetElapsedTime(tried) > AtMostEvery))
                {
                    await ReadAsync(request.HttpContext.RequestAborted);
                }
            }
            finally
            {
                _reading.Release();
            }
        }
    }

    public override void Dispose()
    {
        _reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (IsNeeded)
        {
            await _reading.WaitAsync(stoppingToken);
            try
            {
                await ReadAsync(stoppingToken);
            }
            finally
            {
                _reading.Release();
            }

            await Task.Delay(_keys.Count > 0 ? Every : UntilFirst, time, stoppingToken);
        }
    }

    private static string? KeyOf(string token)
    {
        try
        {
            return new JsonWebToken(token).Kid;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            // What is no token is refused where tokens are checked.
            return null;
        }
    }

    private bool Knows(string id) => _keys.Any(k => k.KeyId == id);

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var isFirst = _triedAt is null;
        _triedAt = time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            var published = new JsonWebKeySet(await peers.For(_publisher).GetStringAsync(KeySet, limit.Token)).GetSigningKeys();
            if (published.Count > 0)
            {
                _keys = [.. published];
                return;
            }

            SecurityLog.KeysNotRead(logger, _publisher, _keys.Count, "it publishes none");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or ArgumentException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            if (isFirst || _keys.Count > 0)
            {
                // Until the first success it is tried twice a second: said once.
                SecurityLog.KeysNotRead(logger, _publisher, _keys.Count, e.GetBaseException().Message);
            }
        }
    }
}
