using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using ModularShop.Cli.Connection;
using ModularShop.Cli.Routes;

namespace ModularShop.Cli.Services;

/// <summary>The run of some services: started together, ended together.</summary>
/// <param name="ended">Cancelled by Ctrl+C.</param>
internal sealed class ServicesUp(Shop shop, IReadOnlyList<ServiceProject> projects, CancellationToken ended)
{
    /// <summary>Colours of the terminal's palette that are read on dark and on light ground: cyan, magenta, yellow, green, blue.</summary>
    private static readonly int[] Colours = [6, 5, 3, 2, 4];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<RunningService> _running = [];

    public async Task RunAsync(bool build)
    {
        try
        {
            var routing = await shop.GetAsync<Routing>(ListRoutes.Path, ended);
            await CheckHostListensAsync();
            if (build)
            {
                Tell($"Building {string.Join(", ", projects.Select(p => p.Module))}");
                foreach (var project in projects)
                {
                    await project.BuildAsync(ended);
                }
            }

            for (var i = 0; i < projects.Count; i++)
            {
                Start(projects[i], ListenOf(projects[i], routing), Colours[i % Colours.Length]);
            }

            await AllReadyAsync(routing);
            await await Task.WhenAny(_running.Select(FailWhenEndedAsync)).WaitAsync(ended);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            Tell("Stopping");
        }
        finally
        {
            await StopAsync();
        }
    }

    private void Start(ServiceProject project, Uri? listen, int colour)
    {
        var name = project.Module.PadRight(projects.Max(p => p.Module.Length));
        _running.Add(RunningService.Start(project, listen, line =>
        {
            if (shop.Output.IsJson)
            {
                Console.Error.WriteLine($"{name} | {line}");
            }
            else
            {
                shop.Output.Named(name, colour, line);
            }
        }));
    }

    private async Task AllReadyAsync(Routing routing)
    {
        foreach (var service in _running)
        {
            var first = await Task.WhenAny([service.Listens, .. _running.Select(FailWhenEndedAsync)]).WaitAsync(ended);
            await first;
            var (module, address) = (service.Project.Module, (await service.Listens).GetLeftPart(UriPartial.Authority));
            if (routing.Endpoints.Any(e => e.Module == module && e.Mode != "Monolith"))
            {
                // Unless something is routed to it, the host does not look for it.
                await await Task.WhenAny([SeenByHostAsync(module), .. _running.Select(FailWhenEndedAsync)]).WaitAsync(ended);
            }

            if (shop.Output.IsJson)
            {
                shop.Output.Json(JsonSerializer.Serialize(new { service = module, address, process = service.Id }));
                continue;
            }

            shop.Output.Line();
            shop.Output.Line($"{module} is ready at {address}. {NextStep(module, address, routing)}");
        }

        Tell("Ctrl+C ends them.");
    }

    /// <summary>The host looks for it every few seconds, and until it has found it answers in its place.</summary>
    private async Task SeenByHostAsync(string module)
    {
        var waited = Stopwatch.StartNew();
        while ((await shop.GetAsync<Routing>(ListRoutes.Path, ended)).Services.FirstOrDefault(s => string.Equals(s.Name, module, StringComparison.OrdinalIgnoreCase)) is { Healthy: 0 })
        {
            if (waited.Elapsed > Patience)
            {
                throw CommandFailure.Refused(
                    $"{module} runs, but the shop at {ShopClient.NameOf(shop.Address)} finds it unhealthy after {Patience.TotalSeconds} s: see what it logged above, and the shop's log.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250), ended);
        }
    }

    private static string NextStep(string module, string address, Routing routing)
    {
        if (DestinationsOf(module, routing).Count == 0)
        {
            return $"Say so in the routing file, under Facade:Services:{Environment.NewLine}  \"{module}\": {{ \"Destinations\": [ \"{address}\" ] }}";
        }

        var endpoint = routing.Endpoints.Where(e => e.Module == module && e.Method == "GET").OrderBy(e => e.Name.Contains(".Get", StringComparison.Ordinal) ? 0 : 1).FirstOrDefault();
        return $"Give it an endpoint:{Environment.NewLine}  ./shop routes set {endpoint?.Name ?? $"{module}.…"} Service --reason \"try the service\"";
    }

    /// <summary>Never succeeds: says who ended, and what it said last.</summary>
    private static async Task FailWhenEndedAsync(RunningService service)
    {
        var exitCode = await service.Ended;
        throw CommandFailure.Refused(
            $"{service.Project.Module} ended with exit code {exitCode}, so the others are ended too. Its last lines:{Environment.NewLine}{string.Join(Environment.NewLine, service.Last.Select(l => $"  {l}"))}");
    }

    private static IReadOnlyList<string> DestinationsOf(string module, Routing routing) =>
        routing.Services.FirstOrDefault(s => string.Equals(s.Name, module, StringComparison.OrdinalIgnoreCase))?.Destinations ?? [];

    private static Uri? ListenOf(ServiceProject project, Routing routing)
    {
        var destinations = DestinationsOf(project.Module, routing);
        return destinations.Count == 0 ? null
            : destinations.Select(d => new Uri(d)).FirstOrDefault(d => d.IsLoopback)
                ?? throw CommandFailure.Refused(
                    $"The routing has {project.Module} at {string.Join(", ", destinations)}, and none of it is this machine: start it there, or put a destination such as https://127.0.0.1:5101 into the routing file.");
    }

    private async Task CheckHostListensAsync()
    {
        foreach (var address in projects.Select(p => p.HostForPeers()).OfType<Uri>().Distinct())
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ended);
            limit.CancelAfter(TimeSpan.FromSeconds(5));
            try
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync(address.Host, address.Port, limit.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && !ended.IsCancellationRequested)
            {
                var listen = address.GetLeftPart(UriPartial.Authority);
                throw CommandFailure.Refused(
                    $"The shop at {ShopClient.NameOf(shop.Address)} runs, but nothing listens for services at {listen}: start it with --Peers:Listen={listen} "
                    + "(in Development it does by itself), or say where it listens with Peers__Addresses__Monolith.");
            }
        }
    }

    /// <summary>The last started first, one after the other.</summary>
    private async Task StopAsync()
    {
        foreach (var service in Enumerable.Reverse(_running))
        {
            await service.StopAsync();
            service.Dispose();
            Tell($"{service.Project.Module} has ended.");
        }
    }

    private void Tell(string text)
    {
        if (shop.Output.IsJson)
        {
            Console.Error.WriteLine(text);
        }
        else
        {
            shop.Output.Line(text);
        }
    }
}
