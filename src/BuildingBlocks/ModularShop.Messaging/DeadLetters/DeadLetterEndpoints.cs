using System.Security.Claims;
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

/// <summary>The operator's API to dead letters: <c>/api/v1/messages/&lt;module&gt;/dead-letters</c>.</summary>
public static class DeadLetterEndpoints
{
    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        MessagesEndpoints.Map(routes);
        var group = routes.MapGroup("/api/v1/messages/{module}/dead-letters").WithTags("Messages").ForOperators().AddEndpointFilter<MessagesAtTheOwner>();
        group.MapGet("", ListAsync).WithName("Messages.ListDeadLetters").WithSummary("Messages a module gave up on, oldest first: all, or those of a cause, of a type, or of both")
            .Fails(MessagesError.UnknownModule, RequestError.Cursor);
        group.MapGet("causes", CausesAsync).WithName("Messages.ListDeadLetterCauses").WithSummary("Dead letters grouped by what failed, the most frequent first")
            .Fails(MessagesError.UnknownModule);
        group.MapPost("retry", RetryAllAsync).WithName("Messages.RetryDeadLetters").WithSummary("Handle all dead letters of a cause or a type again")
            .Fails(MessagesError.UnknownModule, RequestError.Invalid);
        group.MapGet("{id:guid}", ShowAsync).WithName("Messages.GetDeadLetter").WithSummary("A dead letter with its content and error")
            .Fails(MessagesError.UnknownModule, MessagesError.DeadLetterNotFound);
        group.MapPost("{id:guid}/retry", RetryAsync).WithName("Messages.RetryDeadLetter").WithSummary("Handle a dead letter again")
            .Fails(MessagesError.UnknownModule, MessagesError.DeadLetterNotFound, MessagesError.PassedByLater);
        group.MapPost("{id:guid}/edit", EditAsync).WithName("Messages.EditDeadLetter").WithSummary("Handle a dead letter again with other data")
            .Fails(MessagesError.UnknownModule, MessagesError.DeadLetterNotFound, MessagesError.PassedByLater, MessagesError.NotItsType, RequestError.Invalid);
        group.MapPost("{id:guid}/discard", DiscardAsync).WithName("Messages.DiscardDeadLetter").WithSummary("Never handle a dead letter")
            .Fails(MessagesError.UnknownModule, MessagesError.DeadLetterNotFound, RequestError.Invalid);
    }

    private static async Task<Results<Ok<Page<DeadLetter>>, Failure>> ListAsync(
        string module, ModuleRegistry modules, DeadLetters letters, CancellationToken cancellationToken, string? cause = null, string? type = null, string? after = null,
        int size = Cursor.DefaultSize)
    {
        DateTimeOffset position = default;
        if (after is not null && !Cursor.TryDecode(after, out position))
        {
            return new Failure(RequestError.Cursor.Because("'after' is not the 'next' of a page of this list."));
        }

        return modules.Find(module) is { } loaded
            ? TypedResults.Ok(await letters.ListAsync(loaded, cause, type, after is null ? null : position, Math.Clamp(size, 1, Cursor.MaxSize), cancellationToken))
            : MessagesEndpoints.Unknown(modules, module);
    }

    private static async Task<Results<Ok<IReadOnlyList<DeadLetterCause>>, Failure>> CausesAsync(
        string module, ModuleRegistry modules, DeadLetters letters, CancellationToken cancellationToken) =>
        modules.Find(module) is { } loaded
            ? TypedResults.Ok(await letters.CausesAsync(loaded, cancellationToken))
            : MessagesEndpoints.Unknown(modules, module);

    private static async Task<Results<Ok<RetryOutcome>, Failure>> RetryAllAsync(
        string module, RetryRequest request, ModuleRegistry modules, DeadLetters letters, CancellationToken cancellationToken)
    {
        if (request.Cause is null && request.Type is null)
        {
            return new Failure(RequestError.Invalid.Because("Say which dead letters to retry: those of a 'cause', of a 'type', or of both."));
        }

        return modules.Find(module) is { } loaded
            ? TypedResults.Ok(await letters.RetryAllAsync(loaded, request, cancellationToken))
            : MessagesEndpoints.Unknown(modules, module);
    }

    private static async Task<Results<Ok<DeadLetterDetails>, Failure>> ShowAsync(
        string module, Guid id, ModuleRegistry modules, DeadLetters letters, CancellationToken cancellationToken) =>
        modules.Find(module) is { } loaded
            ? (await letters.ShowAsync(loaded, id, cancellationToken)).ToHttp(TypedResults.Ok)
            : MessagesEndpoints.Unknown(modules, module);

    private static async Task<Results<NoContent, Failure>> RetryAsync(
        string module, Guid id, ModuleRegistry modules, DeadLetters letters, CancellationToken cancellationToken, bool force = false) =>
        modules.Find(module) is { } loaded
            ? (await letters.RetryAsync(loaded, id, force, cancellationToken)).ToHttp()
            : MessagesEndpoints.Unknown(modules, module);

    private static async Task<Results<NoContent, Failure>> EditAsync(
        string module, Guid id, EditRequest request, ModuleRegistry modules, DeadLetters letters, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (request.Reason.Trim().Length is < 3 or > 500)
        {
            return new Failure(RequestError.Invalid.Because("'reason' must say in 3 to 500 characters why the message is handled with other data."));
        }

        return modules.Find(module) is { } loaded
            ? (await letters.EditAsync(loaded, id, request with { Reason = request.Reason.Trim() }, user.Who(), cancellationToken)).ToHttp()
            : MessagesEndpoints.Unknown(modules, module);
    }

    private static async Task<Results<NoContent, Failure>> DiscardAsync(
        string module, Guid id, DiscardRequest request, ModuleRegistry modules, DeadLetters letters, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (request.Reason.Trim().Length is < 3 or > 500)
        {
            return new Failure(RequestError.Invalid.Because("'reason' must say in 3 to 500 characters why the message will not be handled."));
        }

        return modules.Find(module) is { } loaded
            ? (await letters.DiscardAsync(loaded, id, user.Who(), request.Reason.Trim(), cancellationToken)).ToHttp()
            : MessagesEndpoints.Unknown(modules, module);
    }
}

/// <summary>A dead letter's new data.</summary>
/// <param name="Data">JSON, as the dead letter shows it.</param>
/// <param name="Reason">Why, 3 to 500 characters: it is kept with who changed it and what was there before.</param>
/// <param name="Force">Also where later messages of its subject have been handled.</param>
public sealed record EditRequest(string Data, string Reason, bool Force = false);

/// <summary>Why a dead letter is discarded.</summary>
public sealed record DiscardRequest(string Reason);
