using System.CommandLine;

namespace ModularShop.Cli.Routes;

/// <summary><c>./shop routes</c>: who answers the endpoints.</summary>
internal static class RoutesCommands
{
    public static Command Make() => new ShopCommand("routes", "Who answers each endpoint: the monolith or a service.", "./shop routes list", "./shop routes home --reason \"the service is slow\"")
    {
        ListRoutes.Make(),
        SetRoute.Make(),
        SetRoute.MakeCanary(),
        SetRoute.MakeShadow(),
        Figures.Make(),
        Rollouts.Make(),
        Home.Make(),
        History.Make(),
        Restore.Make(),
        Rates.Make(),
        Explain.Make(),
    };
}
