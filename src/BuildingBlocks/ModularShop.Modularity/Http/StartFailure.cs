using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Http;

/// <summary>What keeps the process from starting and a person can mend, in one line. Everything else is a bug and keeps its stack trace.</summary>
internal static partial class StartFailure
{
    public const string OtherAddress = $"Choose an address of this machine, as in {Example}; a port below 1024 takes a right.";

    private const string Example = "--urls http://localhost:5081";

    /// <summary>The line; null for what nobody expected.</summary>
    public static string? LineFor(Exception exception) => Explain(exception) is { } explained ? LineBreaks().Replace(explained.Trim(), " ") : null;

    private static string? Explain(Exception exception) => exception switch
    {
        StartException e => e.Message,
        OptionsValidationException e => NotValid(string.Join(" ", e.Failures)),
        AggregateException e when e.InnerExceptions.All(i => i is OptionsValidationException) =>
            NotValid(string.Join(" ", e.InnerExceptions.Cast<OptionsValidationException>().SelectMany(i => i.Failures))),
        // What the framework reads of the configuration itself it refuses with exceptions that only their source tells apart.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } e => NotValid(e.Message),
        InvalidOperationException { Source: "Microsoft.Extensions.Logging.Configuration" } e => NotValid($"{e.Message} See Logging:LogLevel; levels are Trace to Critical, and None."),
        InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" } e => NotValid($"{e.Message} See Urls and Kestrel."),
        FormatException { Source: "Microsoft.AspNetCore.Http" } e => NotValid($"{e.Message}. Urls must be such as http://localhost:5081."),
        InvalidDataException { InnerException: FormatException reason } e => NotValid($"{e.Message} {reason.GetBaseException().Message}"),
        IOException { InnerException: AddressInUseException } e => $"{e.Message} Another program listens there: stop it, or choose another address, as in {Example}.",
        IOException { InnerException: AggregateException reasons } e => $"{e.Message} {reasons.InnerExceptions[0].Message}. {OtherAddress}",
        _ => null,
    };

    private static string NotValid(string reason) => $"The configuration is not valid: {reason}";

    [GeneratedRegex(@"\s*[\r\n]+\s*", RegexOptions.None, 1000)]
    private static partial Regex LineBreaks();
}
