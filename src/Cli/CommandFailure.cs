namespace ModularShop.Cli;

/// <summary>Ends the command: the message goes to the error stream, and names the thing, the reason and the way out.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;

    /// <summary>The shop refused, or something failed on the way.</summary>
    public static CommandFailure Refused(string message) => new(1, message);

    /// <summary>The command was not given as it has to be.</summary>
    public static CommandFailure Usage(string message) => new(2, message);

    /// <summary>Nobody answers.</summary>
    public static CommandFailure Unreachable(string message) => new(3, message);
}
