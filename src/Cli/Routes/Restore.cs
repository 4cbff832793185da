using System.CommandLine;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Routes;

internal static class Restore
{
    public static Command Make()
    {
        var number = new Argument<long>("revision") { Description = "Its number, as './shop routes history' has it." };
        var reason = ReasonOption.Make();
        return new ShopCommand("restore", "Make the routing what it was in an earlier revision; that is a new one.", "./shop routes restore 12 --reason \"the canary was too early\"")
        {
            number, reason,
        }.Does((parsed, shop, cancellationToken) => shop.AskAsync<Routing>(
            HttpMethod.Post, $"{ListRoutes.Path}/restore", new { number = parsed.GetRequiredValue(number), reason = parsed.ReasonOf(reason) },
            routing => shop.Output.Line($"Revision {routing.Revision}: the routing is what it was in revision {parsed.GetRequiredValue(number)}."), cancellationToken));
    }
}
