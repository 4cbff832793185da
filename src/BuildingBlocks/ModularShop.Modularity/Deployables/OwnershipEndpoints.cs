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

namespace ModularShop.Modularity.Deployables;

/// <summary>The operator's API to the owners of the modules: <c>/api/v1/ownership</c>.</summary>
public static class OwnershipEndpoints
{
    /// <summary>For each database: one that is away keeps nobody from seeing the others'.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void MapOwnership(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/ownership").WithTags("Ownership").ForOperators();
        group.MapGet("", ListAsync).WithName("Ownership.List").WithSummary("Who writes each module's data, since when and why");
        group.MapPut("{module}", ChangeAsync).WithName("Ownership.Change").WithSummary("Let the monolith or the service write a module's data")
            .Fails(OwnershipError.UnknownModule, OwnershipError.UnknownOwner, OwnershipError.StaleEpoch, OwnershipError.NoService, OwnershipError.Moving, OwnershipError.Departed, RequestError.Invalid);
    }

    private static async Task<Ok<OwnershipDetails[]>> ListAsync(ModuleRegistry modules, OwnershipStore store, DepartedModules departed, CancellationToken cancellationToken) =>
        TypedResults.Ok<OwnershipDetails[]>([.. await Task.WhenAll(modules.Modules.Select(m => store.ReadOrKnowAsync(m, Patience, cancellationToken))), .. departed.Owners]);

    private static async Task<Results<Ok<OwnershipDetails>, Failure>> ChangeAsync(
        string module, ChangeOwnerRequest request, ModuleRegistry modules, OwnershipStore store, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        if (modules.Find(module) is not { } loaded)
        {
            return new Failure((modules.FindDeparted(module) is null ? OwnershipError.UnknownModule : OwnershipError.Departed).Because(modules.Absent(module)));
        }

        if (Enum.GetValues<Owner>().Where(o => string.Equals(o.ToString(), request.Owner, StringComparison.OrdinalIgnoreCase)).ToList() is not [var owner])
        {
            return new Failure(OwnershipError.UnknownOwner.Because($"'owner' must be one of {string.Join(", ", Enum.GetNames<Owner>())}."));
        }

        if (request.Reason.Trim().Length is < 3 or > 500)
        {
            return new Failure(RequestError.Invalid.Because("'reason' must say in 3 to 500 characters why the owner changes."));
        }

        var changed = await store.ChangeAsync(loaded, owner, request.ExpectedEpoch, user.Who(), request.Reason.Trim(), cancellationToken);
        return changed.Error is { } error ? new Failure(error) : TypedResults.Ok(await store.ReadAsync(loaded, cancellationToken));
    }
}

/// <param name="Owner"><c>monolith</c> or <c>service</c>.</param>
/// <param name="ExpectedEpoch">The epoch the change was decided on; another one in the meantime refuses it.</param>
/// <param name="Reason">For the history, 3 to 500 characters.</param>
public sealed record ChangeOwnerRequest(string Owner, long ExpectedEpoch, string Reason);
