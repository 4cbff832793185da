using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Pipeline;
using ModularShop.Modularity.Security;

namespace ModularShop.Messaging;

/// <summary>The operator's API to messages on their way: who takes which, what waits, and where a trace has been.</summary>
internal static partial class MessagesEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/messages").WithTags("Messages").ForOperators();
        group.MapGet("", (MessageFlows flows) => TypedResults.Ok(flows.Show())).WithName("Messages.ListFlows").WithSummary("Which messages go from which module to which");
        var module = group.MapGroup("{module}").AddEndpointFilter<MessagesAtTheOwner>();
        module.MapGet("backlog", BacklogAsync).WithName("Messages.GetBacklog").WithSummary("What a module has still to deliver and to handle")
            .Fails(MessagesError.UnknownModule);
        module.MapGet("journey/{traceId}", JourneyAsync).WithName("Messages.GetJourney").WithSummary("The messages of a trace that a module has taken, or has still to deliver")
            .Fails(MessagesError.UnknownModule, RequestError.Invalid);
    }

    private static async Task<Results<Ok<BacklogView>, Failure>> BacklogAsync(string module, ModuleRegistry modules, Backlogs backlogs, CancellationToken cancellationToken) =>
        modules.Find(module) is { } loaded ? TypedResults.Ok(await backlogs.ShowAsync(loaded, cancellationToken)) : Unknown(modules, module);

    private static async Task<Results<Ok<IReadOnlyList<JourneyStep>>, Failure>> JourneyAsync(
        string module, string traceId, ModuleRegistry modules, Backlogs backlogs, CancellationToken cancellationToken) =>
        !TraceId().IsMatch(traceId) ? new Failure(RequestError.Invalid.Because("A trace id has 32 hexadecimal digits, in lower case."))
        : modules.Find(module) is { } loaded ? TypedResults.Ok(await backlogs.JourneyAsync(loaded, traceId, cancellationToken))
        : Unknown(modules, module);

    public static Failure Unknown(ModuleRegistry modules, string name) => new(MessagesError.UnknownModule.Because(modules.Absent(name)));

    [GeneratedRegex("^[0-9a-f]{32}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TraceId();
}
