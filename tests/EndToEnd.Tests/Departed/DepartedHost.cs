using System.Diagnostics;
using EndToEnd.Tests.Extract;

namespace EndToEnd.Tests.Departed;

/// <summary>
/// A copy of this working copy whose host has no Catalog any more: the line of its registration and the reference to its project
/// are removed, by hand as it were, and the host is built.
/// </summary>
public sealed class DepartedHost : IAsyncLifetime
{
    private readonly WorkingCopy _copy = new((folder, inner) => folder == "src/Extracted" || (folder == "src/Host" && inner == "bin") || (folder == "src/Precompiled" && inner is "bin" or "obj"));

    /// <summary>The folder of its project.</summary>
    public string Folder => Path.Combine(_copy.Root, "src", "Host");

    public string Root => _copy.Root;

    public async Task InitializeAsync()
    {
        RemoveLines("Program.cs", "new CatalogModule()", "using ModularShop.Catalog;");
        RemoveLines("ModularShop.Host.csproj", "ModularShop.Catalog.csproj");
        var log = Path.Combine(_copy.Root, "build.log");
        var start = new ProcessStartInfo("sh", ["-c", $"exec dotnet build src/Host -c {ScratchCopy.Configuration} -v quiet -nologo -p:BuildProjectReferences=false -p:RestoreRecursive=false -p:RunAnalyzers=false -p:PrecompilePackages=false > '{log}' 2>&1 < /dev/null"])
        {
            UseShellExecute = false, WorkingDirectory = _copy.Root,
        };
        using var build = Process.Start(start)!;
        await build.WaitForExitAsync();
        build.ExitCode.ShouldBe(0, await File.ReadAllTextAsync(log));
    }

    public Task DisposeAsync()
    {
        _copy.Dispose();
        return Task.CompletedTask;
    }

    private void RemoveLines(string file, params string[] with)
    {
        var path = Path.Combine(Folder, file);
        var lines = File.ReadAllLines(path);
        var left = lines.Where(line => !Array.Exists(with, w => line.Contains(w, StringComparison.Ordinal))).ToList();
        (lines.Length - left.Count).ShouldBe(with.Length, $"each of {string.Join(" and ", with)} is on a line of its own in {file}");
        File.WriteAllLines(path, left);
    }
}
