using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ModularShop.Cli.Doctor;

/// <summary><c>./shop doctor</c>: what is not as the shop needs it, and how it is mended.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Make()
    {
        var service = new Option<string?>("--service") { Description = "Look at what this service needs, and not at what the host does.", HelpName = "module" };
        var noBuild = new Option<bool>("--no-build") { Description = "Run what was built last." };
        var configuration = new Option<string>("--configuration", "-c") { Description = "Of the build.", HelpName = "name", DefaultValueFactory = _ => "Debug" };
        return new ShopCommand(
            "doctor",
            "Look at what the shop needs: SDK, ports, folders, room, settings, databases and their tables, clocks, rights, certificates, routing, broker; and at a shop that runs. "
            + "Says of each how it is mended, changes nothing, and fails if there is a problem.",
            "./shop doctor",
            "./shop doctor --json",
            "./shop doctor --service Catalog",
            "Database__Provider=PostgreSql Database__ConnectionString=… ./shop doctor")
        {
            service, noBuild, configuration,
        }.Does(async (parsed, shop, cancellationToken) =>
        {
            var program = HostProgram.Find(parsed.GetValue(service), parsed.GetRequiredValue(configuration));
            List<Check> checks =
            [
                await Machine.SdkAsync(cancellationToken),
                .. await ProgramNeeds.OfAsync(program, build: !parsed.GetValue(noBuild), cancellationToken),
                .. parsed.GetValue(service) is null ? await RunningShop.LookAsync(shop, cancellationToken) : [],
                .. Machine.ForTests(),
            ];
            if (shop.Output.IsJson)
            {
                shop.Output.Json(JsonSerializer.Serialize(new { problems = checks.Count(c => c.IsProblem), warnings = checks.Count(c => c.IsWarning), checks = checks.Select(c => new { c.About, c.Severity, c.Found, c.Mend }) }, Web));
            }
            else
            {
                Prescription.Show(checks, shop.Output);
            }

            if (checks.Count(c => c.IsProblem) is > 0 and var problems)
            {
                throw CommandFailure.Refused($"{problems} {(problems == 1 ? "problem" : "problems")}: mend {(problems == 1 ? "it" : "them")}, and ask the doctor again.");
            }
        });
    }
}
