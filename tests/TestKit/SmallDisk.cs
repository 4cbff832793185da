using System.Diagnostics;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>A file system of a few megabytes, which a test can fill and empty.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _mount;

    private SmallDisk(string mount) => _mount = mount;

    /// <summary>Why there can be none here; null where there can.</summary>
    public static string? Missing { get; } = Try();

    /// <summary>A folder on the disk.</summary>
    public string Folder => Directory.CreateDirectory(Path.Combine(_mount, "data")).FullName;

    private string Ballast => Path.Combine(_mount, "ballast");

    public static SmallDisk Mount(int megabytes)
    {
        var mount = Directory.CreateTempSubdirectory("modularshop-disk-").FullName;
        var exitCode = Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", mount);
        return exitCode == 0 ? new SmallDisk(mount) : throw new InvalidOperationException($"mount ended with {exitCode}");
    }

    /// <summary>Not a byte is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        try
        {
            for (var block = new byte[4096]; ;)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    public void Empty() => File.Delete(Ballast);

    public void Dispose()
    {
        // A connection may hold a file for a moment longer.
        Run("umount", "--lazy", _mount);
        Directory.Delete(_mount);
    }

    private static string? Try()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "A disk of a test's own is a tmpfs, which only Linux has.";
        }

        try
        {
            Mount(1).Dispose();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "A disk of a test's own takes the right to mount: run as root.";
        }
    }

    private static int Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}

/// <summary>A fact about a full disk; skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.Missing;
}
