using System.Diagnostics;
using ModularShop.Cli.Services;

namespace ModularShop.Cli;

/// <summary>A program of this working copy for work that it does and then ends: the host or a service, which have the modules and the settings, or the rules.</summary>
internal sealed record HostProgram(string Name, string Folder, string Dll, string Configuration)
{
    /// <param name="service">Null for the host.</param>
    public static HostProgram Find(string? service, string configuration)
    {
        if (service is not null)
        {
            var project = ServiceProject.Find([service], configuration)[0];
            return new HostProgram(project.Module, project.Folder, project.Dll, configuration);
        }

        var folder = Path.Combine(Repository.Root, "src", "Host");
        return new HostProgram("The host", folder, Path.Combine(folder, "bin", configuration, "net10.0", "ModularShop.Host.dll"), configuration);
    }

    /// <summary>The rules of the architecture, which look at the modules' code.</summary>
    public static HostProgram Boundaries(string configuration)
    {
        var folder = Path.Combine(Repository.Root, "src", "Boundaries");
        return new HostProgram("The program that holds the rules", folder, Path.Combine(folder, "bin", configuration, "net10.0", "ModularShop.Boundaries.dll"), configuration);
    }

    public Task BuildAsync(CancellationToken cancellationToken) => ProjectBuild.RunAsync(Name, Folder, Configuration, cancellationToken);

    /// <summary>What it says; where it fails, its error is the command's.</summary>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var ended = await EndAsync(arguments, cancellationToken);
        return ended.ExitCode == 0 ? ended.Output : throw CommandFailure.Refused(ended.Errors);
    }

    /// <summary>Runs it to its end, however that is.</summary>
    public async Task<Ended> EndAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        if (!File.Exists(Dll))
        {
            throw CommandFailure.Refused($"{Name} has not been built ({Path.GetRelativePath(Repository.Root, Dll)} is missing): leave --no-build out.");
        }

        var start = new ProcessStartInfo("dotnet", [Dll, .. arguments])
        {
            UseShellExecute = false, WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment.TryAdd("ASPNETCORE_ENVIRONMENT", "Development");
        using var process = Process.Start(start)!;
        try
        {
            var (said, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            return new Ended(process.ExitCode, (await said).TrimEnd(), (await errors).Trim());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}

/// <summary>How a program ended, and what it said.</summary>
internal sealed record Ended(int ExitCode, string Output, string Errors);
