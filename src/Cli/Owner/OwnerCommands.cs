using System.CommandLine;
using System.Globalization;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Owner;

/// <summary><c>./shop owner</c>: who writes a module's data.</summary>
internal static class OwnerCommands
{
    private const string Path = "api/v1/ownership";

    public static Command Make() => new ShopCommand("owner", "Who writes each module's data.", "./shop owner list", "./shop owner set Catalog Service --reason \"the service writes\"")
    {
        MakeList(), MakeSet(),
    };

    private static Command MakeList() => new ShopCommand("list", "The owner of each module's data, since when and why.", "./shop owner list", "./shop owner list --json")
        .Does((_, shop, cancellationToken) => shop.AskAsync<IReadOnlyList<Ownership>>(
            Path,
            owners => shop.Output.Table(
                ["Module", "Owner", "Epoch", "Since (UTC)", "By", "Why"],
                owners.Select(o => new[]
                {
                    o.Module, o.Owner, o.Epoch.ToString(CultureInfo.InvariantCulture), o.ChangedAt?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "the beginning",
                    People.NameOf(o.By ?? ""), o.Trouble is null ? o.Reason ?? "" : $"As last known. {o.Trouble}",
                })),
            cancellationToken));

    private static Command MakeSet()
    {
        var module = new Argument<string>("module") { Description = "Such as Catalog." };
        var owner = new Argument<string>("owner") { Description = "Monolith or Service." };
        var reason = ReasonOption.Make();
        return new ShopCommand(
            "set",
            "Let the monolith or the service write a module's data; who answers reads is the routing's.",
            "./shop owner set Catalog Service --reason \"the service writes\"",
            "./shop owner set Catalog Monolith --reason \"and back\"")
        {
            module, owner, reason,
        }.Does((parsed, shop, cancellationToken) =>
            SetAsync(shop, parsed.GetRequiredValue(module), parsed.GetRequiredValue(owner), parsed.ReasonOf(reason), cancellationToken));
    }

    private static async Task SetAsync(Shop shop, string module, string owner, string reason, CancellationToken cancellationToken)
    {
        var owners = await shop.GetAsync<IReadOnlyList<Ownership>>(Path, cancellationToken);
        var current = owners.FirstOrDefault(o => string.Equals(o.Module, module, StringComparison.OrdinalIgnoreCase))
            ?? throw CommandFailure.Refused($"There is no module '{module}'; there are {string.Join(", ", owners.Select(o => o.Module))}.");
        // Decided on this epoch: who changes the owner meanwhile makes the shop refuse it.
        await shop.AskAsync<Ownership>(
            HttpMethod.Put, $"{Path}/{current.Module}", new { owner, expectedEpoch = current.Epoch, reason },
            changed => shop.Output.Line($"{changed.Module}: the {changed.Owner} writes its data, epoch {changed.Epoch}."), cancellationToken);
    }

    private sealed record Ownership(string Module, string Owner, long Epoch, DateTimeOffset? ChangedAt, string? By, string? Reason, string? Trouble);
}
