using System.Diagnostics;

namespace ModularShop.TestKit;

/// <summary>
/// Programs that Ctrl+C ends, however the tests were started: under nohup, or behind an ampersand in a script, some signals are
/// ignored, and whatever is started inherits that. A shell cannot undo it; env of coreutils can.
/// </summary>
public static class DefaultSignals
{
    private const string ToDefault = "--default-signal=HUP,INT,QUIT";

    private static readonly bool IsKnown = Knows();

    /// <summary>How to start the program; it has the number that its process is given.</summary>
    public static ProcessStartInfo Start(string program, params IEnumerable<string> arguments) =>
        IsKnown ? new ProcessStartInfo("env", [ToDefault, program, .. arguments]) : new ProcessStartInfo(program, arguments);

    private static bool Knows()
    {
        if (OperatingSystem.IsWindows())
        {
            return false;
        }

        using var env = Process.Start(new ProcessStartInfo("env", [ToDefault, "true"]) { UseShellExecute = false, RedirectStandardError = true })!;
        env.WaitForExit();
        return env.ExitCode == 0;
    }
}
