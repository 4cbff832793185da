using System.CommandLine;
using System.Text.Json;
using ModularShop.Cli.Extract;

namespace ModularShop.Cli.Readiness;

/// <summary><c>./shop readiness</c>: how ready a module is to become a service.</summary>
internal static class ReadinessCommand
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static Command Make()
    {
        var module = new Argument<string>("module") { Description = "Such as Payments." };
        var baseline = new Option<string?>("--baseline") { Description = "The violations to begin with: only others fail the command.", HelpName = "file" };
        var write = new Option<bool>("--write-baseline") { Description = "Begin the file with what is found; or, where it is there, take out of it what has been mended. It never grows." };
        var noBuild = new Option<bool>("--no-build") { Description = "Run what was built last." };
        var configuration = new Option<string>("--configuration", "-c") { Description = "Of the build.", HelpName = "name", DefaultValueFactory = _ => "Debug" };
        return new ShopCommand(
            "readiness",
            "How ready a module is to become a service, from its code: whom it asks and who asks it, messages, tables, and the rules of the architecture that it breaks, or others by reaching into it. "
            + "Fails where a rule is broken, unless the baseline has it. No shop needs to run.",
            "./shop readiness Payments",
            "./shop readiness Payments --baseline payments.readiness.json --write-baseline",
            "./shop readiness Payments --baseline payments.readiness.json --json")
        {
            module, baseline, write, noBuild, configuration,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var name = ShopModules.Find(parsed.GetRequiredValue(module));
            var file = parsed.GetValue(baseline) is { } path ? Path.GetFullPath(path) : null;
            if (parsed.GetValue(write) && file is null)
            {
                throw CommandFailure.Usage("--write-baseline writes the file that --baseline names: add --baseline <file>.");
            }

            var rules = HostProgram.Boundaries(parsed.GetRequiredValue(configuration));
            if (!parsed.GetValue(noBuild))
            {
                await rules.BuildAsync(cancellationToken);
            }

            var ended = await rules.EndAsync([name, .. file is null ? [] : new[] { $"--baseline={file}" }, .. parsed.GetValue(write) ? ["--write-baseline"] : Array.Empty<string>()], cancellationToken);
            if (ended.Output.Length == 0)
            {
                throw new CommandFailure(ended.ExitCode == 2 ? 2 : 1, ended.Errors);
            }

            Show(shop, ended.Output);
        });
    }

    /// <exception cref="CommandFailure">A rule is broken.</exception>
    private static void Show(Shop shop, string answer)
    {
        var report = JsonSerializer.Deserialize<Report>(answer, Web)!;
        if (shop.Output.IsJson)
        {
            shop.Output.Json(answer);
        }
        else
        {
            ReportPage.Show(report, shop.Output);
        }

        var (broken, held) = (report.Broken.Count, report.Baseline is null ? "" : " that the baseline does not have");
        if (broken > 0)
        {
            throw CommandFailure.Refused($"{report.Module} has {broken} {(broken == 1 ? "violation" : "violations")}{held}: mend {(broken == 1 ? "it" : "them")}, as is said with each.");
        }
    }
}
