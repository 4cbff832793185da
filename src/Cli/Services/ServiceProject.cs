using System.Diagnostics;
using System.Text.Json;

namespace ModularShop.Cli.Services;

/// <summary>A project of <c>src/Extracted</c>.</summary>
internal sealed record ServiceProject(string Module, string Folder, string Configuration)
{
    private const string Monolith = "Monolith";

    private static string Extracted => Path.Combine(Repository.Root, "src", "Extracted");

    /// <summary>What is built of it.</summary>
    public string Dll => Path.Combine(Folder, "bin", Configuration, "net10.0", $"ModularShop.{Module}.Service.dll");

    public static IReadOnlyList<ServiceProject> Find(IReadOnlyList<string> wanted, string configuration)
    {
        var all = Directory.Exists(Extracted)
            ? Directory.GetDirectories(Extracted).Where(f => Directory.EnumerateFiles(f, "*.csproj").Any()).Select(f => new ServiceProject(Path.GetFileName(f), f, configuration))
                .OrderBy(p => p.Module, StringComparer.Ordinal).ToList()
            : [];
        if (wanted.FirstOrDefault(w => !all.Exists(p => IsNamed(p, w))) is { } unknown)
        {
            throw CommandFailure.Usage($"There is no service '{unknown}' in src/Extracted; there are {string.Join(", ", all.Select(p => p.Module))}.");
        }

        return wanted.Count == 0 ? all : [.. all.Where(p => wanted.Any(w => IsNamed(p, w)))];
    }

    /// <summary>Where the service expects the host to listen for its peers: the environment's word, else its appsettings.json's.</summary>
    public Uri? HostForPeers()
    {
        var setting = Environment.GetEnvironmentVariable($"Peers__Addresses__{Monolith}") ?? FromFile("Addresses", Monolith);
        return Uri.TryCreate(setting, UriKind.Absolute, out var address) ? address : null;
    }

    public Task BuildAsync(CancellationToken cancellationToken) => ProjectBuild.RunAsync(Module, Folder, Configuration, cancellationToken);

    /// <param name="listen">Null leaves it to the service's settings.</param>
    public ProcessStartInfo Start(Uri? listen)
    {
        if (!File.Exists(Dll))
        {
            throw CommandFailure.Refused($"{Module} has not been built ({Path.GetRelativePath(Repository.Root, Dll)} is missing): leave --no-build out.");
        }

        // Its own folder, as 'dotnet run' does: what its settings say of paths is relative to that.
        // However this command ends, the input ends with it, and so does the service.
        var start = new ProcessStartInfo("dotnet", [Dll, "--EndWithInput=true"])
        {
            UseShellExecute = false, WorkingDirectory = Folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        if (listen is not null)
        {
            start.ArgumentList.Add($"--Peers:Listen={listen.GetLeftPart(UriPartial.Authority)}");
        }

        start.Environment.TryAdd("ASPNETCORE_ENVIRONMENT", "Development");
        start.Environment.Remove("ASPNETCORE_URLS");
        return start;
    }

    private static bool IsNamed(ServiceProject project, string name) => string.Equals(project.Module, name, StringComparison.OrdinalIgnoreCase);

    private string? FromFile(params ReadOnlySpan<string> keys)
    {
        try
        {
            using var settings = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "appsettings.json")), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var value = settings.RootElement.GetProperty("Peers");
            foreach (var key in keys)
            {
                value = value.GetProperty(key);
            }

            return value.GetString();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException)
        {
            // The service itself says what is wrong with its settings.
            return null;
        }
    }
}
