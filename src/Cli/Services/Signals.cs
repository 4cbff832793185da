using System.Runtime.InteropServices;

namespace ModularShop.Cli.Services;

/// <summary>What one process can tell another, where the system is no Windows.</summary>
internal static class Signals
{
    private const int Terminate = 15;

    /// <summary>They have other numbers on a Mac.</summary>
    private static readonly (int Suspend, int Resume) Sleep = OperatingSystem.IsMacOS() ? (17, 19) : (19, 18);

    /// <summary>Asks a process to end.</summary>
    /// <returns>Whether it could be asked.</returns>
    public static bool TryTerminate(int process) => TrySend(process, Terminate);

    public static bool TrySuspend(int process) => TrySend(process, Sleep.Suspend);

    public static bool TryResume(int process) => TrySend(process, Sleep.Resume);

    private static bool TrySend(int process, int signal) => !OperatingSystem.IsWindows() && Kill(process, signal) == 0;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int process, int signal);
}
