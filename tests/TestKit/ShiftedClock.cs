using System.Globalization;
using Xunit;

namespace ModularShop.TestKit;

/// <summary>
/// The wall clock of a host process, which a test shifts while the host runs: libfaketime, told by a file. Time that is
/// measured, as timers do, goes on undisturbed, as it does when somebody sets a machine's clock.
/// </summary>
public sealed class ShiftedClock : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public ShiftedClock() => Shift(TimeSpan.Zero);

    /// <summary>Why there is none here; null where there is.</summary>
    public static string? Missing { get; } = Library is null ? "libfaketime is not installed: ./test.sh installs it, or install Debian's package libfaketime." : null;

    /// <summary>What a process is started with to have this clock.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["LD_PRELOAD"] = Library ?? throw new InvalidOperationException(Missing),
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
    };

    private static string? Library => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "faketime", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
            .Select(folder => Path.Combine(folder, "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    /// <summary>From now on the host's clock is ahead of the real one by this much; behind, where it is negative.</summary>
    public void Shift(TimeSpan by)
    {
        var next = _file + ".next";
        File.WriteAllText(next, by.TotalSeconds.ToString("+0;-0;+0", CultureInfo.InvariantCulture));
        File.Move(next, _file, overwrite: true);
    }

    public void Dispose() => File.Delete(_file);
}

/// <summary>A fact about a host whose clock jumps; skipped, with the reason, where it cannot be made to.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ShiftedClockFactAttribute : FactAttribute
{
    /// <param name="onPostgreSql">Whether it takes that too.</param>
    public ShiftedClockFactAttribute(bool onPostgreSql = false) => Skip = ShiftedClock.Missing ?? (onPostgreSql ? PostgreSqlServer.Missing : null);
}
