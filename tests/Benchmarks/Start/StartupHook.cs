using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Benchmarks.Start;

#pragma warning disable MA0047 // the runtime wants this name, without a namespace
/// <summary>Runs in a process before its own code does.</summary>
internal static class StartupHook
{
    private static PosixSignalRegistration? _registration;

    [UnsupportedOSPlatform("windows")]
    public static void Initialize()
    {
        var file = Environment.GetEnvironmentVariable(HeapReport.FileVariable)!;
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ =>
        {
            var unfinished = file + ".unfinished";
            File.WriteAllText(unfinished, GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
            File.Move(unfinished, file);
        });
    }
}
