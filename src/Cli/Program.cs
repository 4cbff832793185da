using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ModularShop.Cli;
using ModularShop.Cli.Db;
using ModularShop.Cli.Demo;
using ModularShop.Cli.Docs;
using ModularShop.Cli.Doctor;
using ModularShop.Cli.Extract;
using ModularShop.Cli.LogIn;
using ModularShop.Cli.Messages;
using ModularShop.Cli.Move;
using ModularShop.Cli.Owner;
using ModularShop.Cli.Rehearse;
using ModularShop.Cli.Readiness;
using ModularShop.Cli.Routes;
using ModularShop.Cli.Services;

var shop = new ShopCommand(
    "shop",
    "Operates a running shop: who answers its endpoints, who owns its data, the messages it gave up on.",
    "./shop routes list",
    "./shop routes set Catalog.GetProduct Service --reason \"try the service\"",
    "./shop --url https://shop.example routes list --json",
    "SHOP_URL=https://shop.example SHOP_TOKEN=… ./shop owner list")
{
    GlobalOptions.Url,
    GlobalOptions.Json,
    RoutesCommands.Make(),
    OwnerCommands.Make(),
    MoveCommands.Make(),
    MessagesCommands.Make(),
    ServicesCommands.Make(),
    ReadinessCommand.Make(),
    ExtractCommand.Make(),
    RehearseCommand.Make(),
    DemoCommand.Make(),
    DocsCommand.Make(),
    DbCommands.Make(),
    DoctorCommand.Make(),
    LogInCommand.Make(),
    LogOutCommand.Make(),
};
var help = new HelpOption { Recursive = true };
help.Action = new HelpWithExamples((HelpAction)help.Action!) { MaxWidth = 100 };
shop.Add(help);

var parsed = shop.Parse(args);
try
{
    if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
    {
        throw CommandFailure.Usage($"{string.Join(' ', parsed.Errors.Select(e => TypeNames.InWords(e.Message.Trim())))} See '{ShopCommand.PathOf(parsed.CommandResult)} --help'.");
    }

    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (CommandFailure failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return failure.ExitCode;
}
