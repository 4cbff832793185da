using System.Diagnostics;
using System.Text.Json;

namespace ModularShop.Cli.Extract;

/// <summary>Something that is written.</summary>
/// <param name="Path">As a person reads it.</param>
internal sealed record Change(string Path, string What, Func<CancellationToken, Task> ApplyAsync);

/// <summary>
/// What has to be done for a module to have a service: files that are missing, an entry in the solution, and two in the
/// host's settings. Looked at once; what is there already is no change, and a file of another content than the templates'
/// is somebody's work.
/// </summary>
internal sealed class Extraction
{
    private const string Solution = "ModularShop.sln";
    private const string HostSettings = "src/Host/appsettings.Development.json";
    private const string Routing = "src/Host/routing.json";

    private readonly ServiceScaffold _scaffold;

    /// <param name="isRegistered">Whether solution and host are to know the service.</param>
    /// <exception cref="CommandFailure">A file of the host's cannot be read.</exception>
    public Extraction(ServiceScaffold scaffold, bool isRegistered)
    {
        _scaffold = scaffold;
        var files = scaffold.Files().ToList();
        Differing = [.. files.Where(f => File.Exists(f.Path) && File.ReadAllText(f.Path).ReplaceLineEndings("\n") != f.Text).Select(f => Shown(f.Path))];
        Changes =
        [
            .. Differing.Count > 0 ? [] : files.Where(f => !File.Exists(f.Path)).Select(f => new Change(Shown(f.Path), "new", _ => WriteAsync(f.Path, f.Text))),
            .. isRegistered ? Registrations() : [],
        ];
    }

    public IReadOnlyList<Change> Changes { get; }

    /// <summary>Files that somebody has edited: with one of them the folder is left alone.</summary>
    public IReadOnlyList<string> Differing { get; }

    /// <summary>In an order in which an interrupted run can be repeated: nothing is named before it is there.</summary>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        foreach (var change in Changes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await change.ApplyAsync(cancellationToken);
        }
    }

    private static string Shown(string path) => path.StartsWith(Repository.Root + Path.DirectorySeparatorChar, StringComparison.Ordinal)
        ? Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')
        : path;

    private static string At(string path) => Path.Combine([Repository.Root, .. path.Split('/')]);

    /// <summary>Whole or not at all.</summary>
    private static Task WriteAsync(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.draft";
        File.WriteAllText(draft, text);
        File.Move(draft, path, overwrite: true);
        return Task.CompletedTask;
    }

    private IEnumerable<Change> Registrations()
    {
        var (module, project) = (_scaffold.Module, $"src/Extracted/{_scaffold.Module}/{Path.GetFileName(_scaffold.Project)}");
        if (Differing.Count > 0 && !File.Exists(_scaffold.Project))
        {
            // What has been made by hand is built otherwise.
            yield break;
        }

        if (!File.ReadAllText(At(Solution)).Contains($"\"{project.Replace('/', '\\')}\"", StringComparison.OrdinalIgnoreCase))
        {
            yield return new Change(Solution, $"the project, in the folder src/Extracted/{module}", token => AddToSolutionAsync(project, token));
        }

        if (Entry(Routing, ["Facade", "Services"], new { Destinations = new[] { _scaffold.Listen.GetLeftPart(UriPartial.Authority) } }) is { } routing)
        {
            yield return routing;
        }

        if (Entry(HostSettings, ["MoveTables", "Targets"], new { Provider = "Sqlite", DataFolder = $"../Extracted/{module}/data" }) is { } target)
        {
            yield return target;
        }
    }

    /// <summary>The module's entry in a file of settings; null where it is there.</summary>
    private Change? Entry(string file, IReadOnlyList<string> section, object value)
    {
        var what = $"{string.Join(':', section)}:{_scaffold.Module}";
        try
        {
            var text = File.ReadAllText(At(file));
            return JsonEntry.Insert(text, [.. section, _scaffold.Module], value) is { } with ? new Change(file, what, _ => WriteAsync(At(file), with)) : null;
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            throw CommandFailure.Refused($"{file} cannot be read, so {what} cannot be put into it: {e.Message} Nothing has been written.");
        }
    }

    private static async Task AddToSolutionAsync(string project, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet", ["sln", At(Solution), "add", At(project)])
        {
            UseShellExecute = false, WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        try
        {
            var (said, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
            {
                throw CommandFailure.Refused($"{project} could not be added to {Solution}: {(await errors + await said).Trim()} Mend that and run the command again.");
            }
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
