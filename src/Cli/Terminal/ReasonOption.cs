using System.CommandLine;

namespace ModularShop.Cli.Terminal;

/// <summary>Why something is changed: asked for where it is missing.</summary>
internal static class ReasonOption
{
    private const string Name = "--reason";

    public static Option<string> Make() => new(Name) { Description = "Why: it is all that the history will know.", HelpName = "text" };

    public static string ReasonOf(this ParseResult parsed, Option<string> option) => parsed.GetValue(option) ?? Prompts.Ask(Name, "Why?");
}
