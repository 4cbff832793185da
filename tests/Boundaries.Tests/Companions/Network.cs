using ModularShop.Boundaries.Rules;

namespace Boundaries.Tests.Companions;

public sealed class NetworkCallsGoThroughGuardedClientsTests
{
    [Fact]
    public void Clients_that_nobody_guards_are_found() => Break.Rule<NetworkCallsGoThroughGuardedClients>().ShouldBeExactly(
        ("ModularShop.Broken.Infrastructure.Unguarded.Client", "creates a HttpClient."),
        ("ModularShop.Broken.Infrastructure.Unguarded.ClientWithHandler", "creates a SocketsHttpHandler."),
        ("ModularShop.Broken.Infrastructure.Unguarded.ClientWithHandler", "creates a HttpClient."));
}
