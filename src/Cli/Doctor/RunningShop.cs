using System.Text.Json;
using ModularShop.Cli.Connection;

namespace ModularShop.Cli.Doctor;

/// <summary>A shop that runs says itself how it is.</summary>
internal static class RunningShop
{
    public static async Task<IReadOnlyList<Check>> LookAsync(Shop shop, CancellationToken cancellationToken)
    {
        var about = $"shop at {ShopClient.NameOf(shop.Address)}";
        try
        {
            using var health = JsonDocument.Parse(await shop.Client.HealthAsync(cancellationToken));
            return
            [
                .. health.RootElement.GetProperty("checks").EnumerateObject().Select(c => (c.Name, Status: c.Value.GetProperty("status").GetString(), Said: c.Value.GetProperty("description").GetString()))
                    .Where(c => c.Status != "Healthy")
                    .Select(c => new Check($"{about}, {c.Name}", c.Status == "Degraded" ? "Warning" : "Problem", c.Said ?? c.Status!, "see its log, and what is said above."))
                    .DefaultIfEmpty(Check.Ok(about, "It runs, and is ready.")),
            ];
        }
        catch (CommandFailure failure) when (failure.ExitCode == 3)
        {
            return [Check.Ok(about, "None answers there: it is asked how it is when it runs.")];
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return [Check.Warning(about, "What answers there is no shop.", "say where the shop is with --url.")];
        }
    }
}
