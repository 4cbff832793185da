namespace ModularShop.Broken.Features.ListGadgets;

internal static class BadlyNamedEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/gadgets", () => TypedResults.Ok()).WithName("Broken.ListGadgets");
        MapForeign(api);
        MapTwice(api);
        MapNameless(api);
        MapComputed(api, "Gadgets");
        MapLowerCase(api);
    }

    private static void MapForeign(IEndpointRouteBuilder api) => api.MapGet("/a", () => TypedResults.Ok()).WithName("Neighbour.ListGadgets");

    private static void MapTwice(IEndpointRouteBuilder api) => api.MapGet("/b", () => TypedResults.Ok()).WithName("Broken.ListGadgets");

    private static void MapNameless(IEndpointRouteBuilder api) => api.MapDelete("/c", () => TypedResults.Ok());

    private static void MapComputed(IEndpointRouteBuilder api, string name) => api.MapPost("/d", () => TypedResults.Ok()).WithName("Broken." + name);

    private static void MapLowerCase(IEndpointRouteBuilder api) => api.MapPut("/e", () => TypedResults.Ok()).WithName("Broken.put_gadget");
}
