using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace ModularShop.Messaging;

/// <summary>
/// In a service: asks the monolith who takes which messages, before anything else and then again and again, for a newer
/// monolith may take more. What it said last is kept in the data folder, for a start while the monolith is down. The two also
/// tell each other what their databases say of the owner of the service's data.
/// </summary>
internal sealed class SubscribersRefresh(
    Deployable here, SubscribersElsewhere subscribers, Ownerships ownerships, OwnershipStore store, IServiceProvider services, IOptions<DatabaseOptions> data, IHostEnvironment environment, TimeProvider time,
    ILogger<SubscribersRefresh> logger)
    : BackgroundService
{
    public const string Path = "internal/subscriptions";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PaceWhileUnknown = TimeSpan.FromMilliseconds(500);

    private bool _answered = true;

    private string File => System.IO.Path.Combine(environment.ContentRootPath, data.Value.DataFolder, $"{here.Name.ToLowerInvariant()}.subscriptions.json");

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        if (here.Side is Owner.Service)
        {
            await AskAsync(cancellationToken);
            await base.StartAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_answered ? Pace : PaceWhileUnknown, time, stoppingToken);
                await AskAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process ends.
        }
    }

    private async Task AskAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var client = services.GetRequiredService<PeerClients>().For(Deployable.Monolith);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Path, UriKind.Relative)) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
            OwnerTold.Write(ownerships.Of(here.Name), (name, value) => request.Headers.Add(name, value));
            using var response = await client.SendAsync(request, limit.Token);
            var told = await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Dictionary<string, string[]>>(MessageTypes.Json, limit.Token)
                ?? throw new JsonException("The answer is null.");
            _answered = true;
            if (OwnerTold.In(name => response.Headers.TryGetValues(name, out var values) ? values.First() : null) is { } owner)
            {
                await store.HearAsync(here.Name, owner, limit.Token);
            }

            if (subscribers.Learn(told))
            {
                MessagingLog.SubscribersKnown(logger, told.Sum(s => s.Value.Length));
                await KeepAsync(told, cancellationToken);
            }
        }
        catch (Exception e) when ((e is HttpRequestException or JsonException or OperationCanceledException || e.IsDatabaseUnavailable()) && !cancellationToken.IsCancellationRequested)
        {
            if (!subscribers.IsKnown)
            {
                await RecallAsync(cancellationToken);
            }

            if (_answered)
            {
                _answered = false;
                var reason = e is OperationCanceledException ? $"no answer within {Patience.TotalSeconds} s." : e.GetBaseException().Message;
                (subscribers.IsKnown ? (Action<ILogger, string>)MessagingLog.SubscribersAsBefore : MessagingLog.SubscribersUnknown)(logger, reason);
            }
        }
    }

    private async Task KeepAsync(Dictionary<string, string[]> told, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(File)!);
            // A crash in between leaves the file of before.
            var fresh = File + ".new";
            await System.IO.File.WriteAllBytesAsync(fresh, JsonSerializer.SerializeToUtf8Bytes(told, MessageTypes.Json), cancellationToken);
            System.IO.File.Move(fresh, File, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Then a start without the monolith waits for it.
        }
    }

    private async Task RecallAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (System.IO.File.Exists(File)
                && JsonSerializer.Deserialize<Dictionary<string, string[]>>(await System.IO.File.ReadAllBytesAsync(File, cancellationToken), MessageTypes.Json) is { } kept)
            {
                subscribers.Learn(kept);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // As good as none.
        }
    }
}

/// <summary>A service is ready once it knows who takes its messages.</summary>
internal sealed class SubscribersHealth(SubscribersElsewhere subscribers) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(subscribers.IsKnown
        ? HealthCheckResult.Healthy("It is known who takes which messages.")
        : HealthCheckResult.Unhealthy("The monolith has not said yet who takes which messages."));
}
