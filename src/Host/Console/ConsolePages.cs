using ModularShop.Host.Pages;

namespace ModularShop.Host.Console;

/// <summary>The shop as its operators see it.</summary>
internal static class ConsolePages
{
    public static void AddConsole(this WebApplicationBuilder builder) => builder.Services.AddSingleton<Seen<MoveSample>>().AddSingleton<Seen<RolloutSample>>();

    public static void MapConsole(this WebApplication app)
    {
        var pages = app.MapPages("/console");
        pages.MapOverview();
        pages.MapRoutes();
        pages.MapRouteChanges();
        pages.MapRolloutPages();
        pages.MapMoves();
        pages.MapMessages();
        pages.MapOrders();
    }
}
