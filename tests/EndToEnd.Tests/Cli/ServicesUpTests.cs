using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using EndToEnd.Tests.Extract;

namespace EndToEnd.Tests.Cli;

/// <summary>A developer's services by one command: up, used, and gone.</summary>
public sealed class ServicesUpTests(CliShop shop) : IClassFixture<CliShop>
{
    [Fact]
    public async Task Services_come_up_answer_what_is_routed_to_them_and_go_with_ctrl_c()
    {
        using var commands = shop.Operator(shop.ServiceSettings);
        using var up = Up(commands, "Catalog", "Shipping");
        await up.SaysAsync("Ctrl+C ends them.");
        up.Output.ShouldContain($"Catalog is ready at {shop.Deployment.PeerAddress("Catalog").GetLeftPart(UriPartial.Authority)}");
        up.Output.ShouldContain("./shop routes set Catalog.GetProduct Service");
        up.Output.ShouldContain("Shipping | The Shipping service answers its peers");

        (await commands.RunAsync("routes", "set", "Catalog.GetProduct", "Service", "--reason", "try the service")).ShouldBeDone();
        // The host asks once a second whether a service is there; until it knows, it answers itself.
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await shop.Host.Client.GetAsync(new Uri("/api/v1/catalog/products/KIT-0101", UriKind.Relative));
                return answer.Headers.GetValues("X-Answered-By").Single().StartsWith("catalog-service", StringComparison.Ordinal);
            },
            "the service to be asked");

        await up.SignalAsync(RunningCommand.Interrupt);
        (await up.ExitCodeAsync()).ShouldBe(0, up.Output);
        up.Output.IndexOf("Shipping has ended.", StringComparison.Ordinal).ShouldBeInRange(1, up.Output.IndexOf("Catalog has ended.", StringComparison.Ordinal));
        await BecomeGoneAsync("Catalog", "Shipping");
        (await commands.RunAsync("routes", "home", "--reason", "the services are down")).ShouldBeDone();
    }

    [Fact]
    public async Task When_one_dies_it_is_named_with_its_last_lines_and_the_others_end()
    {
        using var commands = shop.Operator(shop.ServiceSettings);
        using var up = Up(commands, "--json");
        await up.SaysAsync("Ctrl+C ends them.");
        var catalog = up.Output.Split('\n').Where(l => l.StartsWith('{')).Select(l => System.Text.Json.Nodes.JsonNode.Parse(l)!)
            .Single(s => s["service"]!.GetValue<string>() == "Catalog")["process"]!.GetValue<int>();
        using (var process = Process.GetProcessById(catalog))
        {
            process.Kill();
        }

        (await up.ExitCodeAsync()).ShouldBe(1);
        up.Output.ShouldContain("Catalog ended with exit code 137, so the others are ended too. Its last lines:");
        await BecomeGoneAsync("Catalog", "Shipping");
    }

    [Fact]
    public async Task When_the_command_is_killed_its_services_end_by_themselves()
    {
        using var commands = shop.Operator(shop.ServiceSettings);
        using var up = Up(commands, "Catalog", "Shipping");
        await up.SaysAsync("Ctrl+C ends them.");
        await up.SignalAsync(RunningCommand.Kill);
        await up.ExitCodeAsync();
        await BecomeGoneAsync("Catalog", "Shipping");
    }

    [Fact]
    public async Task A_service_that_cannot_start_is_named_with_what_it_said()
    {
        using var commands = shop.Operator([.. shop.ServiceSettings, ("Service__Data", "Nothing")]);
        using var up = Up(commands, "Catalog");
        (await up.ExitCodeAsync()).ShouldBe(1);
        up.Output.ShouldContain("Catalog ended with exit code 1");
        up.Output.ShouldContain("Service:Data");
        await BecomeGoneAsync("Catalog");
    }

    [Fact]
    public async Task A_host_that_does_not_listen_for_peers_is_named_with_the_way_to_make_it()
    {
        var nobody = $"https://127.0.0.1:{HostProcess.FreePort()}";
        using var commands = shop.Operator(("Peers__Addresses__Monolith", nobody));
        (await commands.RunAsync("services", "up", "--no-build")).ShouldFail(1, $"nothing listens for services at {nobody}", $"--Peers:Listen={nobody}");
    }

    private static RunningCommand Up(CommandLine commands, params string[] arguments) => new(commands.Start(["services", "up", "--no-build", "--configuration", ScratchCopy.Configuration, .. arguments]));

    private Task BecomeGoneAsync(params string[] services) => Eventually.TrueAsync(
        () => Task.FromResult(AreGone(services) && !Array.Exists(services, s => Listens(shop.Deployment.PeerAddress(s)))), $"{string.Join(" and ", services)} to be gone");

    private static bool Listens(Uri address)
    {
        try
        {
            using var connection = new TcpClient(address.Host, address.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private bool AreGone(params string[] services) => !services.Select(s => $"--Peers:Listen={shop.Deployment.PeerAddress(s).GetLeftPart(UriPartial.Authority)}\0")
        .Any(listen => Process.GetProcessesByName("dotnet").Select(CommandLineOf)
            .Any(line => line.Contains(listen, StringComparison.Ordinal) && line.Contains(".Service.dll", StringComparison.Ordinal)));

    private static string CommandLineOf(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}/cmdline");
        }
        catch (IOException)
        {
            return "";
        }
    }
}
