using System.Text.Json;

namespace ModularShop.Cli.Doctor;

/// <summary>What the host, or a service, says of what it needs: it has the settings, the modules and the databases.</summary>
internal static class ProgramNeeds
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static async Task<IReadOnlyList<Check>> OfAsync(HostProgram program, bool build, CancellationToken cancellationToken)
    {
        try
        {
            if (build)
            {
                await program.BuildAsync(cancellationToken);
            }

            // Standard output is for the answer alone.
            var ended = await program.EndAsync(["--doctor", "--Logging:Console:LogToStandardErrorThreshold=Trace"], cancellationToken);
            return ended.ExitCode == 0 ? Read(program, ended)
                : [Check.Problem("configuration", LastLine(ended.Errors), "correct the setting that is named: in appsettings.json, the environment or the arguments.")];
        }
        catch (CommandFailure failure)
        {
            return [Check.Problem(program.Name, failure.Message, null)];
        }
    }

    private static IReadOnlyList<Check> Read(HostProgram program, Ended ended)
    {
        try
        {
            return JsonSerializer.Deserialize<List<Check>>(ended.Output, Web)!;
        }
        catch (JsonException)
        {
            return [Check.Problem(program.Name, $"What it says of its needs cannot be read: {LastLine(ended.Output)}", "build it in this version: leave --no-build out.")];
        }
    }

    private static string LastLine(string text) => text.Split('\n')[^1].Trim();
}
