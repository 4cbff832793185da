using System.Diagnostics;

namespace ModularShop.Cli;

/// <summary>Builds a project of this working copy, so that what runs is what its sources say.</summary>
internal static class ProjectBuild
{
    /// <param name="properties">Of the build, such as <c>BuildProjectReferences=false</c>.</param>
    /// <exception cref="CommandFailure">It cannot be built.</exception>
    public static async Task RunAsync(string name, string folder, string configuration, CancellationToken cancellationToken, params IReadOnlyList<string> properties)
    {
        // Without servers that stay: nothing is left behind, and nobody holds the pipe open.
        var start = new ProcessStartInfo("dotnet", ["build", folder, "-c", configuration, "-v", "quiet", "-nologo", "-clp:NoSummary", "-nodeReuse:false", "-p:UseSharedCompilation=false", .. properties.Select(p => $"-p:{p}")])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var build = Process.Start(start)!;
        try
        {
            var said = await build.StandardOutput.ReadToEndAsync(cancellationToken);
            await build.WaitForExitAsync(cancellationToken);
            if (build.ExitCode != 0)
            {
                await Console.Error.WriteLineAsync(said.Trim());
                throw CommandFailure.Refused($"{name} cannot be built: correct what the compiler says above.");
            }
        }
        finally
        {
            if (!build.HasExited)
            {
                build.Kill(entireProcessTree: true);
            }
        }
    }
}
