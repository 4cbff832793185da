using System.Text.Json;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;

namespace ModularShop.MoveTables;

/// <summary>Asks a module's service whether it is there and where its data is.</summary>
internal class ServiceProbe(PeerClients peers)
{
    /// <summary>Why the service cannot take the data over; null where it can.</summary>
    /// <param name="isReplica">Whether its database is one that a move has filled.</param>
    public virtual async Task<string?> ProblemAsync(LoadedModule module, bool isReplica, CancellationToken cancellationToken)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            using var response = await peers.For(module.Name).GetAsync(new Uri("health/live", UriKind.Relative), limit.Token);
            await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
            using var health = await JsonDocument.ParseAsync(body, default, limit.Token);
            var data = health.RootElement.GetProperty("checks").GetProperty("deployable").GetProperty("data").GetProperty("data").ToString();
            return data == nameof(DataPlace.Attached)
                ? $"The service of {module.Name} is attached to the host's database. Restart it with Service:Data Own and a Database section of its own."
                : isReplica && data != nameof(DataPlace.Replica)
                ? $"The service of {module.Name} says that its data is {data}, and not a Replica: it uses another database than the one that is moved to. Let its section Database be that of MoveTables:Targets:{module.Name}, and restart it."
                : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The service of {module.Name} did not answer within 5 s. Look at its log.";
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"The service of {module.Name} does not answer: {e.Message} Start it ('./shop services up'), and see that the routing's Services or Peers:Addresses name where it listens.";
        }
    }
}
