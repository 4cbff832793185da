using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;

namespace ModularShop.Facade;

/// <summary>Is the routing valid, and who listens where it says that services are?</summary>
internal sealed class RoutingExamination(
    RoutingChanges changes, RoutingTable table, EndpointInventory inventory, DestinationRules destinations, PeerClients peers, IOptions<FacadeOptions> options, IHostEnvironment environment)
    : IExamination
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public string About => "routing";

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.Value.RoutingFile, environment.ContentRootPath);
        var text = await FileRoutingStore.ReadAsync(path, cancellationToken);
        var (definition, errors) = text is null ? (null, []) : RoutingFile.Read(text, inventory, destinations.ProblemOf);
        var findings = new List<Finding>();
        if (text is null)
        {
            findings.Add(Finding.Warning(About, $"There is no {path}: what was in effect last stays so.", "to send everything home, write { \"Facade\": {} }."));
        }
        else
        {
            findings.AddRange(errors.Count == 0 ? [Finding.Ok(About, $"{path} is valid.")] : errors.Select(e => Finding.Problem(About, $"{path} is not in effect: {e}", "correct it: the host follows the file while it runs.")));
        }

        if (definition is not null && await IsLoadedAsync(findings, cancellationToken))
        {
            foreach (var service in definition.Services.Values.OrderBy(s => s.Name, StringComparer.Ordinal))
            {
                var isUsed = definition.Endpoints.Any(e => e.Value.Mode is not Mode.Monolith && inventory.ByName[e.Key].Module == service.Name);
                findings.Add(await AskAsync(service, isUsed, cancellationToken));
            }
        }

        return findings;
    }

    /// <summary>What was in effect last says where services are.</summary>
    private async Task<bool> IsLoadedAsync(List<Finding> findings, CancellationToken cancellationToken)
    {
        try
        {
            await changes.LoadAsync(cancellationToken);
            return table.Newest is not null;
        }
        catch (Exception e) when (e.IsDatabaseUnavailable() || e is System.Data.Common.DbException or StartException or IOException or UnauthorizedAccessException)
        {
            findings.Add(Finding.Warning(About, $"What is in effect cannot be read: {e.GetBaseException().Message}", "see what is said of the databases and the data folder."));
            return false;
        }
    }

    private async Task<Finding> AskAsync(ServiceDefinition service, bool isUsed, CancellationToken cancellationToken)
    {
        var address = service.Destinations[0];
        var about = $"service {service.Name} at {address.GetLeftPart(UriPartial.Authority)}";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            using (var connection = new TcpClient())
            {
                await connection.ConnectAsync(address.Host, address.Port, limit.Token);
            }

            using var response = await peers.For(service.Name).GetAsync(new Uri("health/live", UriKind.Relative), limit.Token);
            using var health = JsonDocument.Parse(await response.Content.ReadAsStringAsync(limit.Token));
            var data = health.RootElement.GetProperty("checks").GetProperty("deployable").GetProperty("data");
            return Finding.Ok(about, $"{data.GetProperty("name")} answers, and its data is {data.GetProperty("data")}.");
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return isUsed ? Finding.Problem(about, "Endpoints are routed to it, and nobody listens there.", $"start it ('./shop services up {service.Name}'), or send them home ('./shop routes home').")
                : Finding.Ok(about, "Nobody listens there, and no endpoint is routed to it.");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException or AuthenticationException or StartException)
        {
            return Finding.Problem(about, $"Another program listens there: {e.GetBaseException().Message}", "end it, or name another port in the routing's Services and in the service's Peers:Listen.");
        }
    }
}
