using ModularShop.Broken.Contracts;
using ModularShop.Neighbour.Domain;
using ModularShop.Neighbour.Infrastructure;

namespace ModularShop.Neighbour.Features.ListWidgets;

internal sealed record ListWidgets(int Size) : IQuery<Result<IReadOnlyList<string>>>;

internal sealed class ListWidgetsHandler(NeighbourDbContext database, IBrokenApi gadgets) : IRequestHandler<ListWidgets, Result<IReadOnlyList<string>>>
{
    public async Task<Result<IReadOnlyList<string>>> Handle(ListWidgets request, CancellationToken cancellationToken)
    {
        if (!await gadgets.IsKnownAsync(Guid.Empty, cancellationToken))
        {
            return NeighbourError.WidgetNotFound.Because("Select a widget from gadgets, or update one.");
        }

        var known = new List<string>();
        foreach (var widget in await database.Set<Widget>().OrderBy(w => w.Code).Take(request.Size).ToListAsync(cancellationToken))
        {
            known.Add(widget.Code);
        }

        return known;
    }
}

internal static class ListWidgetsEndpoint
{
    public static void MapListWidgets(this IEndpointRouteBuilder api) => api
        .MapGet("/widgets", async (int size, IMediator mediator, CancellationToken cancellationToken) =>
            (await mediator.Send(new ListWidgets(size), cancellationToken)).ToHttp(TypedResults.Ok))
        .WithName("Neighbour.ListWidgets")
        .ForEveryone();
}
