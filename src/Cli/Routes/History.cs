using System.CommandLine;
using System.Globalization;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Routes;

internal static class History
{
    public static Command Make()
    {
        var take = new Option<int>("--take") { Description = "How many revisions, newest first.", HelpName = "number", DefaultValueFactory = _ => 20 };
        return new ShopCommand("history", "Who changed what of the routing, when and why.", "./shop routes history", "./shop routes history --take 3")
        {
            take,
        }.Does((parsed, shop, cancellationToken) => shop.AskAsync<IReadOnlyList<Revision>>(
            $"{ListRoutes.Path}/history?take={parsed.GetValue(take).ToString(CultureInfo.InvariantCulture)}",
            revisions => shop.Output.Table(
                ["Revision", "When (UTC)", "By", "What and why"],
                revisions.Select(r => new[]
                {
                    r.Number.ToString(CultureInfo.InvariantCulture), r.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), People.NameOf(r.By),
                    string.Join(Environment.NewLine, [.. r.Changes, r.Reason]),
                })),
            cancellationToken));
    }
}
