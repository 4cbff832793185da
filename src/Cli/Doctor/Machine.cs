using System.Diagnostics;
using System.Text.Json;

namespace ModularShop.Cli.Doctor;

/// <summary>What has to be installed.</summary>
internal static class Machine
{
    private const string Sdk = ".NET SDK";

    public static async Task<Check> SdkAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", ["--version"]) { UseShellExecute = false, WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        await errors;
        return process.ExitCode == 0 ? Check.Ok(Sdk, $"{(await said).Trim()}; global.json asks for {Wanted()}.")
            : Check.Problem(Sdk, $"None that is installed is what global.json asks for, {Wanted()}.", "install it: https://dotnet.microsoft.com/download");
    }

    /// <summary>What tests start of their own; without it the shop runs as well.</summary>
    public static IReadOnlyList<Check> ForTests() => OperatingSystem.IsWindows() ? [] :
    [
        Installed("PostgreSQL", ["/usr/lib/postgresql/*/bin/postgres"], ["initdb"], "apt-get install postgresql"),
        Installed("RabbitMQ", ["/usr/lib/rabbitmq/bin/rabbitmq-server"], ["rabbitmq-server"], "apt-get install rabbitmq-server"),
        Installed("Chromium", [], ["chromium", "chromium-browser", "google-chrome"], "apt-get install chromium"),
    ];

    private static Check Installed(string name, string[] files, string[] commands, string install)
    {
        var about = $"{name}, for tests";
        return files.Any(IsThere) || commands.Any(c => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, c))))
            ? Check.Ok(about, "It is installed.")
            : Check.Ok(about, "It is not installed, and its tests do not run.", $"{install}, if you want them to.");
    }

    /// <param name="file">With <c>*</c> for any one folder.</param>
    private static bool IsThere(string file)
    {
        if (file.Split("/*/") is not [var folder, var rest])
        {
            return File.Exists(file);
        }

        return Directory.Exists(folder) && Directory.EnumerateDirectories(folder).Any(f => File.Exists(Path.Combine(f, rest)));
    }

    private static string Wanted()
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "global.json")));
            return json.RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        }
        catch (Exception e) when (e is IOException or JsonException or KeyNotFoundException)
        {
            return "any";
        }
    }
}
