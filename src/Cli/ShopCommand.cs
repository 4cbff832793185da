using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace ModularShop.Cli;

/// <summary>A command whose help has examples.</summary>
internal sealed class ShopCommand(string name, string description, params IReadOnlyList<string> examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;

    public ShopCommand Does(Func<ParseResult, Shop, CancellationToken, Task> action)
    {
        SetAction(async (parsed, cancellationToken) =>
        {
            using var shop = Shop.Of(parsed);
            await action(parsed, shop, cancellationToken);
            return 0;
        });
        return this;
    }

    /// <summary>What a person types to call it.</summary>
    public static string PathOf(CommandResult? result) => result switch
    {
        { Parent: CommandResult parent } => $"{PathOf(parent)} {result.Command.Name}",
        _ => "./shop",
    };
}

/// <summary>The help, and then the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    public int MaxWidth { get => help.MaxWidth; init => help.MaxWidth = value; }

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        var exitCode = help.Invoke(parseResult);
        if (parseResult.CommandResult.Command is ShopCommand { Examples.Count: > 0 } command)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in command.Examples)
            {
                output.WriteLine($"  {example}");
            }
        }

        return exitCode;
    }
}
