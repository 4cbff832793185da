using Spectre.Console;

namespace ModularShop.Cli.Terminal;

/// <summary>Asks for what an option did not say, where there is somebody to ask; on the error stream, so that output stays what was asked for.</summary>
internal static class Prompts
{
    public static string Ask(string option, string question) => Ask(option, new TextPrompt<string>(question));

    public static string AskSecretly(string option, string question) => Ask(option, new TextPrompt<string>(question).Secret(mask: null));

    private static string Ask(string option, TextPrompt<string> prompt)
    {
        if (Console.IsInputRedirected)
        {
            throw CommandFailure.Usage($"{option} is missing, and there is no terminal to ask at: give {option}.");
        }

        return AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) }).Prompt(prompt);
    }
}
