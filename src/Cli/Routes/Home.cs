using System.CommandLine;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Routes;

internal static class Home
{
    public static Command Make()
    {
        var reason = ReasonOption.Make();
        return new ShopCommand("home", "Send every endpoint back to the monolith.", "./shop routes home --reason \"the services misbehave\"")
        {
            reason,
        }.Does((parsed, shop, cancellationToken) => shop.AskAsync<Routing>(
            HttpMethod.Post, $"{ListRoutes.Path}/home", new { reason = parsed.ReasonOf(reason) },
            routing => shop.Output.Line($"Revision {routing.Revision}: every endpoint is back at the monolith."), cancellationToken));
    }
}
