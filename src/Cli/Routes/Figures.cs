using System.CommandLine;
using System.Globalization;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Routes;

internal static class Figures
{
    public static Command Make()
    {
        var endpoint = new Argument<string>("endpoint") { Description = "Of the mode Shadow, such as Catalog.GetProduct." };
        var samples = new Option<int>("--samples") { Description = "How many differences, newest first.", HelpName = "number", DefaultValueFactory = _ => 3 };
        return new ShopCommand(
            "figures",
            "How the service's answers compare with the monolith's, for an endpoint in the mode Shadow.",
            "./shop routes figures Catalog.GetProduct",
            "./shop routes figures Catalog.GetProduct --samples 20",
            "./shop routes figures Catalog.GetProduct --json")
        {
            endpoint, samples,
        }.Does((parsed, shop, cancellationToken) => shop.AskAsync<ShadowFigures>(
            $"{ListRoutes.Path}/{Uri.EscapeDataString(parsed.GetRequiredValue(endpoint))}/shadow", figures => Show(figures, parsed.GetValue(samples), shop.Output), cancellationToken));
    }

    private static void Show(ShadowFigures figures, int samples, Output output)
    {
        output.Line(string.Create(CultureInfo.InvariantCulture, $"{figures.Endpoint}, since {figures.Since:yyyy-MM-dd HH:mm:ss} UTC (revision {figures.Revision})"));
        output.Line();
        output.Table(
            ["Figure", "Requests", ""],
            [
                Row("compared", figures.Compared, figures.PercentEqual is { } percent ? string.Create(CultureInfo.InvariantCulture, $"{percent} % of them equal") : ""),
                Row("equal", figures.Equal, string.Create(CultureInfo.InvariantCulture, $"{figures.Settled} of them when both were asked again")),
                Row("different", figures.Different, "both times"),
                Row("service errors", figures.ServiceErrors, "not reached, broken off, or 502 to 504"),
                Row("timed out", figures.TimedOut, "no whole answer in the endpoint's time"),
                Row("dropped", figures.Dropped, "too much was waiting"),
                Row("too large", figures.TooLarge, "or a stream: not compared"),
            ]);
        foreach (var sample in figures.Samples.Take(samples))
        {
            output.Line();
            output.Line(string.Create(CultureInfo.InvariantCulture, $"{sample.At:yyyy-MM-dd HH:mm:ss} UTC  {sample.Request}"));
            output.Line(string.Create(CultureInfo.InvariantCulture, $"trace {sample.TraceId ?? "unknown"}; monolith {sample.MonolithStatus}, service {sample.ServiceStatus}; the bodies are in --json"));
            output.Table(["Where", "Monolith", "Service"], sample.Differences.Select(d => new[] { d.Path, d.Monolith ?? "(missing)", d.Service ?? "(missing)" }));
        }
    }

    private static string[] Row(string name, long requests, string meaning) => [name, requests.ToString(CultureInfo.InvariantCulture), meaning];
}
