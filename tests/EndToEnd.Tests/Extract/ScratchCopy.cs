using System.Diagnostics;
using EndToEnd.Tests.Cli;

namespace EndToEnd.Tests.Extract;

/// <summary>A copy of this working copy, with the command line and the modules as they were built here: a module is extracted in it, and it is thrown away.</summary>
internal sealed class ScratchCopy : IDisposable
{
    private readonly WorkingCopy _copy = new(IsOfDeployable);
    private readonly CommandLine _commands;

    public ScratchCopy() => _commands = new CommandLine { WorkingCopy = Root };

    public static string Configuration { get; } = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)))!;

    public string Root => _copy.Root;

    public Task<Said> ExtractAsync(params string[] arguments) => _commands.RunAsync(["extract", .. arguments]);

    public string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public void Write(string path, string text) => File.WriteAllText(Path.Combine(Root, path), text);

    /// <summary>Every file of the repository but the command's own, with what is in it.</summary>
    public IReadOnlyDictionary<string, string> Files() => Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories)
        .Where(f => !f.Split('/').Any(part => part is "Cli" or "bin" or "obj"))
        .ToDictionary(f => Path.GetRelativePath(Root, f), f => Convert.ToBase64String(File.ReadAllBytes(f)), StringComparer.Ordinal);

    /// <summary>Builds services; what they are made of was built with this test.</summary>
    /// <param name="what">A project, or a filter of the solution.</param>
    public async Task BuildAsync(string what)
    {
        // Into a file: a compiler server that is started here keeps open what it inherits.
        var log = Path.Combine(Root, "build.log");
        var start = new ProcessStartInfo("sh", ["-c", $"exec dotnet build '{what}' -c {Configuration} -v quiet -nologo -p:BuildProjectReferences=false -p:RestoreRecursive=false -p:RunAnalyzers=false -p:PrecompilePackages=false > '{log}' 2>&1 < /dev/null"])
        {
            UseShellExecute = false, WorkingDirectory = Root,
        };
        using var build = Process.Start(start)!;
        await build.WaitForExitAsync();
        build.ExitCode.ShouldBe(0, await File.ReadAllTextAsync(log));
    }

    public void Dispose()
    {
        _commands.Dispose();
        _copy.Dispose();
    }

    /// <summary>What deployables are built of is most of the bytes.</summary>
    private static bool IsOfDeployable(string folder, string inner) =>
        inner is "bin" or "obj" && (folder.StartsWith("src/Extracted/", StringComparison.Ordinal) || folder is "src/Boundaries" or "src/Host" or "src/Precompiled");
}
