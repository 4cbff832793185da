using System.CommandLine;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Routes;

/// <summary><c>set</c>, and its short forms <c>canary</c> and <c>shadow</c>.</summary>
internal static class SetRoute
{
    public static Command Make()
    {
        var (endpoint, reason, timeout, noFallback) = (EndpointArgument(), ReasonOption.Make(), TimeoutOption(), NoFallbackOption());
        var mode = new Argument<string>("mode") { Description = "Monolith, Shadow or Service; for Canary there is './shop routes canary'." };
        return new ShopCommand(
            "set",
            "Give an endpoint another mode.",
            "./shop routes set Catalog.GetProduct Service --reason \"try the service\"",
            "./shop routes set Catalog.GetProduct Service --timeout 2s --no-fallback --reason \"alone\"",
            "./shop routes set Catalog.GetProduct Monolith --reason \"and back\"")
        {
            endpoint, mode, reason, timeout, noFallback,
        }.Does((parsed, shop, cancellationToken) => SetAsync(
            shop, parsed.GetRequiredValue(endpoint),
            new Change(parsed.GetRequiredValue(mode), parsed.ReasonOf(reason), null, parsed.GetValue(timeout), parsed.GetValue(noFallback) ? false : null), cancellationToken));
    }

    public static Command MakeCanary()
    {
        var (endpoint, reason, timeout, noFallback) = (EndpointArgument(), ReasonOption.Make(), TimeoutOption(), NoFallbackOption());
        var percent = new Argument<int>("percent") { Description = "Of the clients, 0 to 100; each stays on its side." };
        return new ShopCommand(
            "canary",
            "Let the service answer some per cent of the clients.",
            "./shop routes canary Catalog.GetProduct 10 --reason \"a few first\"")
        {
            endpoint, percent, reason, timeout, noFallback,
        }.Does((parsed, shop, cancellationToken) => SetAsync(
            shop, parsed.GetRequiredValue(endpoint),
            new Change("Canary", parsed.ReasonOf(reason), parsed.GetRequiredValue(percent), parsed.GetValue(timeout), parsed.GetValue(noFallback) ? false : null), cancellationToken));
    }

    public static Command MakeShadow()
    {
        var (endpoint, reason, timeout) = (EndpointArgument(), ReasonOption.Make(), TimeoutOption());
        return new ShopCommand(
            "shadow",
            "Let the monolith answer and ask the service too, to compare the two.",
            "./shop routes shadow Catalog.GetProduct --reason \"does it answer alike?\"")
        {
            endpoint, reason, timeout,
        }.Does((parsed, shop, cancellationToken) => SetAsync(
            shop, parsed.GetRequiredValue(endpoint), new Change("Shadow", parsed.ReasonOf(reason), null, parsed.GetValue(timeout), null), cancellationToken));
    }

    private static Task SetAsync(Shop shop, string endpoint, Change change, CancellationToken cancellationToken) => shop.AskAsync<RouteOf>(
        HttpMethod.Put, $"{ListRoutes.Path}/{Uri.EscapeDataString(endpoint)}", change, route => shop.Output.Line($"{route.Name} ({route.Method} {route.Path}): {route.ModeText}.{Environment.NewLine}{Answers(route)}"),
        cancellationToken);

    private static string Answers(RouteOf route) => $"Answers: {route.Answers}. Its data belongs to the {route.Owner}.";

    public static Argument<string> EndpointArgument() => new("endpoint") { Description = "Its name, such as Catalog.GetProduct; './shop routes list' has them all." };

    private static Option<bool> NoFallbackOption() => new("--no-fallback") { Description = "The monolith does not help out when the service cannot answer." };

    private static Option<double?> TimeoutOption() => TimeOption.Make("--timeout", "How long the service may take");

    private sealed record Change(string Mode, string Reason, int? Percent, double? TimeoutSeconds, bool? Fallback);
}
