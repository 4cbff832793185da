using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Routes;

internal static class ListRoutes
{
    public const string Path = "api/v1/routes";

    public static Command Make()
    {
        var module = new Option<string>("--module") { Description = "Only the endpoints of this module.", HelpName = "name" };
        return new ShopCommand("list", "The routing in effect, endpoint by endpoint.", "./shop routes list", "./shop routes list --module Catalog", "./shop routes list --json")
        {
            module,
        }.Does((parsed, shop, cancellationToken) => ListAsync(shop, parsed.GetValue(module), cancellationToken));
    }

    public static void Show(Routing routing, Output output)
    {
        output.Line(string.Create(CultureInfo.InvariantCulture, $"Revision {routing.Revision} by {People.NameOf(routing.By)}, {routing.At:yyyy-MM-dd HH:mm:ss} UTC: {routing.Reason}"));
        if (routing.Errors.Count > 0)
        {
            output.Line();
            output.Alarm($"The newest routing file is NOT in effect, revision {routing.Revision} stays. Correct this:");
            foreach (var error in routing.Errors)
            {
                output.Alarm($"  {error}");
            }
        }

        if (routing.Services.Count > 0)
        {
            output.Line();
            output.Table(
                ["Service", "Healthy", "Destinations"],
                routing.Services.Select(s => new[] { s.Name, string.Create(CultureInfo.InvariantCulture, $"{s.Healthy} of {s.Addresses}"), string.Join(", ", s.Destinations) }));
        }

        output.Line();
        var isRolledOut = routing.Endpoints.Any(e => e.Rollout is not null);
        output.Table(
            isRolledOut ? ["Endpoint", "Method", "Mode", "Rollout", "Answers", "Owner"] : ["Endpoint", "Method", "Mode", "Answers", "Owner"],
            routing.Endpoints.Select(e => isRolledOut ? new[] { e.Name, e.Method, e.ModeText, e.Rollout ?? "", e.Answers, e.Owner } : [e.Name, e.Method, e.ModeText, e.Answers, e.Owner]));
    }

    private static async Task ListAsync(Shop shop, string? module, CancellationToken cancellationToken)
    {
        if (module is not null && shop.Output.IsJson)
        {
            var routing = (await shop.GetAsync<JsonObject>(Path, cancellationToken))!;
            var endpoints = routing["endpoints"]!.AsArray();
            Check(module, [.. endpoints.Select(e => e!["module"]!.GetValue<string>())]);
            foreach (var other in endpoints.Where(e => !IsOf(e!["module"]!.GetValue<string>(), module)).ToList())
            {
                endpoints.Remove(other);
            }

            shop.Output.Json(routing.ToJsonString());
            return;
        }

        await shop.AskAsync<Routing>(
            Path,
            routing =>
            {
                if (module is not null)
                {
                    Check(module, [.. routing.Endpoints.Select(e => e.Module)]);
                    routing = routing with { Endpoints = [.. routing.Endpoints.Where(e => IsOf(e.Module, module))] };
                }

                Show(routing, shop.Output);
            },
            cancellationToken);
    }

    private static bool IsOf(string module, string wanted) => string.Equals(module, wanted, StringComparison.OrdinalIgnoreCase);

    private static void Check(string module, IReadOnlyCollection<string> modules)
    {
        if (!modules.Any(m => IsOf(m, module)))
        {
            throw CommandFailure.Refused($"There is no module '{module}'; there are {string.Join(", ", modules.Distinct(StringComparer.Ordinal))}.");
        }
    }
}
