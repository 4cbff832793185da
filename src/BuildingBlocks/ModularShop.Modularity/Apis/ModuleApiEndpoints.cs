using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Peers;
using ModularShop.Modularity.Pipeline;
using ModularShop.Modularity.Security;

namespace ModularShop.Modularity.Apis;

/// <summary>What modules of other deployables ask those of this one: <c>/internal/apis/&lt;module&gt;/&lt;question&gt;</c>.</summary>
public static class ModuleApiEndpoints
{
    private const int MaxQuestionBytes = 256 * 1024;

    /// <summary>How long a sender that is ahead is kept waiting, until the owner that it knows is known here.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromSeconds(2);

    public static void MapModuleApis(this IEndpointRouteBuilder routes) => routes.MapPost($"{ModuleApiClient.Path}/{{module}}/{{question}}", AnswerAsync)
        .WithName("Apis.Answer").WithSummary("A question to a module, from another deployable")
        .WithMetadata(new RequestSizeLimitAttribute(MaxQuestionBytes))
        .Fails(ModuleError.UnknownQuestion, ModuleError.NotTheOwner, ModuleError.Unavailable, ModuleError.TooLate, RequestError.Invalid, RequestError.TooLarge)
        .ForPeers().ExcludeFromDescription();

    /// <remarks>
    /// :: Step 1 reads the arguments. :: Step 2 waits, bounded, where the sender knows of a later owner. :: Step 3 answers, or
    /// asks on; what comes from the owner itself is not passed back to it, so that no question goes round in circles.
    /// </remarks>
    private static async Task<Results<FileContentHttpResult, Failure>> AnswerAsync(
        string module, string question, HttpContext http, ModuleApis apis, Ownerships ownerships, Deployable here, CancellationToken cancellationToken)
    {
        if (apis.Find(module, question) is not { } asked)
        {
            return new Failure(ModuleError.UnknownQuestion.Because($"No module '{module}' is asked '{question}' here."));
        }

        // :: Step 1
        object?[] arguments;
        try
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: cancellationToken);
            arguments = asked.Read(body.RootElement, cancellationToken);
        }
        catch (JsonException e)
        {
            return new Failure(RequestError.Invalid.Because($"The body is not what {asked.Api.Module} is asked with: {e.Message}"));
        }

        // :: Step 2
        var name = asked.Api.Module;
        var epoch = long.TryParse(http.Request.Headers[PeerHeaders.Epoch], NumberStyles.None, CultureInfo.InvariantCulture, out var sent) ? sent : 0;
        var known = await ownerships.WaitAsync(name, o => o.Epoch >= epoch, CatchUp, cancellationToken);

        // :: Step 3
        var sender = http.Features.Get<IPeerConnection>()?.Deployable;
        var owner = Deployable.Of(name, known.Owner);
        return owner != here.Name && (here.Side is Owner.Service || string.Equals(owner, sender, StringComparison.OrdinalIgnoreCase))
            ? NotTheOwner(name, known)
            : await asked.AnswerAsync(http.RequestServices, arguments);
    }

    private static Failure NotTheOwner(string module, Ownership known) => new(ModuleError.NotTheOwner.Because(
        $"{module} is owned by {known.Owner} in epoch {known.Epoch}; it is asked there.") with
    {
        Facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["owner"] = known.Owner.ToString(), ["epoch"] = known.Epoch },
    });
}
