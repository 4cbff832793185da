using System.CommandLine;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Move;

/// <summary><c>./shop move</c>: a module's tables to its service's database, and back.</summary>
internal static class MoveCommands
{
    private const string Path = "api/v1/moves";

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(500);

    public static Command Make() => new ShopCommand(
        "move", "Move a module's tables to its service's database: live, verified and reversible.",
        "./shop move create catalog --dry-run", "./shop move create catalog", "./shop move status catalog --watch", "./shop move vdiff catalog",
        "./shop move switch-traffic catalog --reads", "./shop move switch-traffic catalog --writes", "./shop move reverse-traffic catalog", "./shop move complete catalog")
    {
        MakeCreate(), MakeStatus(), MakeHistory(), MakeWord("pause", "Stop copying and carrying over; changes are still recorded."), MakeWord("resume", "Go on after a pause."),
        MakeThrottle(), MakeVDiff(), MakeSwitch(), MakeCommand("reverse-traffic", "reverse", "Let the host write again; nothing that the service wrote is lost."), MakeComplete(),
        MakeCancel(),
    };

    private static ShopCommand MakeCreate()
    {
        var (module, dryRun) = (ModuleArgument(), DryRunOption());
        return new ShopCommand("create", "Begin: check everything, record changes, copy all rows.", "./shop move create catalog --dry-run", "./shop move create catalog")
        {
            module, dryRun,
        }.Does((parsed, shop, cancellationToken) =>
        {
            var name = Escape(parsed.GetRequiredValue(module));
            return parsed.GetValue(dryRun)
                ? shop.AskAsync<Plan>($"{Path}/{name}/plan", plan => Refuse(plan, shop.Output), cancellationToken)
                : shop.AskAsync<MoveStatus>(HttpMethod.Post, $"{Path}/{name}", null, move => MovePages.Show(move, shop.Output), cancellationToken);
        });
    }

    private static ShopCommand MakeStatus()
    {
        var module = new Argument<string?>("module") { Description = "Such as catalog; without it all moves.", Arity = ArgumentArity.ZeroOrOne };
        var watch = new Option<bool>("--watch") { Description = "Show it again and again, until there is something to decide." };
        return new ShopCommand("status", "How far a move has come, what it waits for and what can be done next.", "./shop move status", "./shop move status catalog --watch", "./shop move status catalog --json")
        {
            module, watch,
        }.Does((parsed, shop, cancellationToken) => parsed.GetValue(module) is not { } name
            ? shop.AskAsync<MoveList>(Path, moves => MovePages.Show(moves, shop.Output), cancellationToken)
            : WatchAsync(shop, Escape(name), move => !parsed.GetValue(watch) || (move.State.ToUpperInvariant() is not ("CREATED" or "COPYING" or "CANCELLING" or "COMPLETING") && move.Comparing is null), cancellationToken));
    }

    private static ShopCommand MakeHistory()
    {
        var module = ModuleArgument();
        return new ShopCommand("history", "Every change of a move's state: when, by whom, with its evidence.", "./shop move history catalog")
        {
            module,
        }.Does((parsed, shop, cancellationToken) =>
            shop.AskAsync<IReadOnlyList<Event>>($"{Path}/{Escape(parsed.GetRequiredValue(module))}/history", history => MovePages.Show(history, shop.Output), cancellationToken));
    }

    private static ShopCommand MakeWord(string word, string description)
    {
        var (module, dryRun) = (ModuleArgument(), DryRunOption());
        return new ShopCommand(word, description, $"./shop move {word} catalog")
        {
            module, dryRun,
        }.Does((parsed, shop, cancellationToken) => ChangeAsync(shop, HttpMethod.Post, parsed.GetRequiredValue(module), word, null, parsed.GetValue(dryRun), cancellationToken));
    }

    private static Task ChangeAsync(Shop shop, HttpMethod method, string module, string word, object? body, bool dryRun, CancellationToken cancellationToken) => shop.AskAsync<MoveStatus>(
        method, $"{Path}/{Escape(module)}/{word}{(dryRun ? "?dryRun=true" : "")}", body,
        move =>
        {
            if (dryRun)
            {
                shop.Output.Line($"'{word}' would be carried out now; nothing was changed.");
            }

            MovePages.Show(move, shop.Output);
        },
        cancellationToken);

    private static ShopCommand MakeThrottle()
    {
        var (module, dryRun) = (ModuleArgument(), DryRunOption());
        var rate = new Option<long?>("--rows-per-second") { Description = "The most rows that are copied, or compared, in a second; without it as many as there can be.", HelpName = "rows" };
        return new ShopCommand("throttle", "Limit the copy and the comparison of rows, while they run.", "./shop move throttle catalog --rows-per-second 5000", "./shop move throttle catalog")
        {
            module, rate, dryRun,
        }.Does((parsed, shop, cancellationToken) =>
            ChangeAsync(shop, HttpMethod.Put, parsed.GetRequiredValue(module), "throttle", new { rowsPerSecond = parsed.GetValue(rate) }, parsed.GetValue(dryRun), cancellationToken));
    }

    private static ShopCommand MakeVDiff()
    {
        var (module, dryRun) = (ModuleArgument(), DryRunOption());
        return new ShopCommand("vdiff", "Compare every row of both databases, while they are written.", "./shop move vdiff catalog")
        {
            module, dryRun,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var name = Escape(parsed.GetRequiredValue(module));
            var before = (await shop.GetAsync<MoveStatus>($"{Path}/{name}", cancellationToken)).VDiff?.EndedAt;
            if (parsed.GetValue(dryRun))
            {
                await GiveAsync(shop, name, "vdiff", dryRun: true, cancellationToken);
                return;
            }

            await shop.GetAsync<Outcome>(HttpMethod.Post, $"{Path}/{name}/commands", new { command = "vdiff" }, cancellationToken);
            await WatchAsync(shop, name, move => (move.Comparing is null && move.VDiff is { } report && report.EndedAt != before) || move.Trouble is not null, cancellationToken);
        });
    }

    private static ShopCommand MakeSwitch()
    {
        var (module, dryRun) = (ModuleArgument(), DryRunOption());
        var reads = new Option<bool>("--reads") { Description = "Let the service answer the module's reads." };
        var writes = new Option<bool>("--writes") { Description = "Let the service own the data; the host's tables follow." };
        return new ShopCommand("switch-traffic", "Let the service answer reads, and then own the data.", "./shop move switch-traffic catalog --reads", "./shop move switch-traffic catalog --writes --dry-run")
        {
            module, reads, writes, dryRun,
        }.Does((parsed, shop, cancellationToken) => parsed.GetValue(reads) == parsed.GetValue(writes)
            ? throw CommandFailure.Usage("Say which traffic: --reads first, and later --writes.")
            : GiveAsync(shop, Escape(parsed.GetRequiredValue(module)), parsed.GetValue(reads) ? "switch-reads" : "switch-writes", parsed.GetValue(dryRun), cancellationToken));
    }

    private static ShopCommand MakeComplete()
    {
        var (module, dryRun) = (ModuleArgument(), DryRunOption());
        var dropNow = new Option<bool>("--drop-now") { Description = "Drop the host's old tables at once instead of keeping them for a while." };
        return new ShopCommand("complete", "Retire the host's tables: from here on there is no way back.", "./shop move complete catalog --dry-run", "./shop move complete catalog")
        {
            module, dropNow, dryRun,
        }.Does((parsed, shop, cancellationToken) =>
            GiveAsync(shop, Escape(parsed.GetRequiredValue(module)), "complete", parsed.GetValue(dryRun), cancellationToken, dropNow: parsed.GetValue(dropNow)));
    }

    private static ShopCommand MakeCancel()
    {
        var (module, dryRun) = (ModuleArgument(), DryRunOption());
        var abandon = new Option<bool>("--abandon-target") { Description = "Leave a service's database that does not answer as it is, for it never will again." };
        return new ShopCommand("cancel", "End a move whose writes are the host's: no trigger, no log and no row of it stays.", "./shop move cancel catalog --dry-run", "./shop move cancel catalog")
        {
            module, abandon, dryRun,
        }.Does((parsed, shop, cancellationToken) =>
            GiveAsync(shop, Escape(parsed.GetRequiredValue(module)), "cancel", parsed.GetValue(dryRun), cancellationToken, abandonTarget: parsed.GetValue(abandon)));
    }

    private static ShopCommand MakeCommand(string name, string command, string description)
    {
        var (module, dryRun) = (ModuleArgument(), DryRunOption());
        return new ShopCommand(name, description, $"./shop move {name} catalog --dry-run", $"./shop move {name} catalog")
        {
            module, dryRun,
        }.Does((parsed, shop, cancellationToken) => GiveAsync(shop, Escape(parsed.GetRequiredValue(module)), command, parsed.GetValue(dryRun), cancellationToken));
    }

    private static Task GiveAsync(Shop shop, string module, string command, bool dryRun, CancellationToken cancellationToken, bool dropNow = false, bool abandonTarget = false) => shop.AskAsync<Outcome>(
        HttpMethod.Post, $"{Path}/{module}/commands", new { command, dryRun, dropNow, abandonTarget },
        outcome =>
        {
            if (!outcome.Done)
            {
                throw CommandFailure.Refused(outcome.Text);
            }

            shop.Output.Line(outcome.Text);
            MovePages.Show(outcome.Move, shop.Output);
        },
        cancellationToken);

    /// <summary>Shows how it goes on, until <paramref name="isEnough"/>.</summary>
    private static async Task WatchAsync(Shop shop, string module, Func<MoveStatus, bool> isEnough, CancellationToken cancellationToken)
    {
        for (var move = await shop.GetAsync<MoveStatus>($"{Path}/{module}", cancellationToken); !isEnough(move);)
        {
            if (!shop.Output.IsJson)
            {
                shop.Output.Line($"{move.Module}: {MovePages.WhatGoesOn(move)}{(move.Trouble is { } trouble ? $"; trouble: {trouble}" : "")}");
            }

            await Task.Delay(Pace, cancellationToken);
            move = await shop.GetAsync<MoveStatus>($"{Path}/{module}", cancellationToken);
        }

        await shop.AskAsync<MoveStatus>($"{Path}/{module}", move => MovePages.Show(move, shop.Output), cancellationToken);
    }

    private static void Refuse(Plan plan, Output output)
    {
        MovePages.Show(plan, plan.Checks.All(c => c.Problem is null), output);
        if (plan.Checks.Any(c => c.Problem is not null))
        {
            throw CommandFailure.Refused($"{plan.Module} cannot be moved yet; nothing was changed.");
        }
    }

    private static Argument<string> ModuleArgument() => new("module") { Description = "Such as catalog." };

    private static Option<bool> DryRunOption() => new("--dry-run") { Description = "Say what would be done, or what keeps it from being done; do nothing." };

    private static string Escape(string module) => Uri.EscapeDataString(module);
}
