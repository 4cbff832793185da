using ModularShop.Host.Pages;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Console;

/// <summary>The first page of the console.</summary>
internal static class OverviewPages
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static void MapOverview(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("", async (Visit visit) => visit.Show<OverviewPage, OverviewModel>(await OverviewModel.ReadAsync(visit.Api))).WithName("Console.Overview").ForOperators();
        pages.MapGet("live", (Visit visit, LiveParts live) => live.StreamAsync<OverviewPart, OverviewModel>(visit, async () => await OverviewModel.ReadAsync(visit.Api), Pace))
            .WithName("Console.OverviewLive").ForOperators();
    }
}
