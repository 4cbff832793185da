namespace ModularShop.TestKit;

/// <summary>A copy of this working copy as it was built, for a test that changes it; it is thrown away.</summary>
public sealed class WorkingCopy : IDisposable
{
    /// <param name="leavesOut">A folder inside another, both as from the root, that is not needed: to save time.</param>
    public WorkingCopy(Func<string, string, bool>? leavesOut = null)
    {
        Root = Directory.CreateTempSubdirectory("modularshop-copy-").FullName;
        Copy("", ["docs", "src"], leavesOut ?? ((_, _) => false));
    }

    public string Root { get; }

    public void Dispose() => Directory.Delete(Root, recursive: true);

    /// <remarks>Files keep their times: what was built is not built again. What deployables keep is not the repository's.</remarks>
    private void Copy(string folder, IEnumerable<string>? only, Func<string, string, bool> leavesOut)
    {
        var copy = Directory.CreateDirectory(Path.Combine(Root, folder)).FullName;
        var source = Path.Combine(Repository.Root, folder);
        foreach (var file in Directory.EnumerateFiles(source))
        {
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        foreach (var inner in only ?? Directory.EnumerateDirectories(source).Select(d => Path.GetFileName(d)!).Where(d => d != "data" && !leavesOut(folder, d)))
        {
            Copy(Path.Combine(folder, inner), null, leavesOut);
        }
    }
}
