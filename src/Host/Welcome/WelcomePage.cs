using ModularShop.Host.Pages;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Welcome;

/// <summary>The page at <c>/developers</c>: what runs, and where everything is.</summary>
internal static class WelcomePage
{
    public static void MapWelcome(this WebApplication app) => app.MapPages().MapGet("/developers", Show).WithName("Host.Welcome").ForEveryone();

    private static IResult Show(Visit visit, ModuleRegistry modules, EndpointDataSource endpoints)
    {
        var names = endpoints.Endpoints.Select(e => e.Metadata.GetMetadata<EndpointNameMetadata>()?.EndpointName).OfType<string>().ToList();
        return visit.Show<DevelopersPage, WhatRuns>(new WhatRuns(
        [
            .. modules.Modules.Select(m => new RunningModule(m.Name, m.Schema, names.Count(n => n.StartsWith(m.Name + ".", StringComparison.Ordinal)), HasLeft: false)),
            .. modules.Departed.Select(m => new RunningModule(m.Name, m.Schema, m.Manifest.Endpoints.Count, HasLeft: true)),
        ]));
    }
}

public sealed record WhatRuns(IReadOnlyList<RunningModule> Modules);

/// <param name="HasLeft">Its code is in its service alone.</param>
public sealed record RunningModule(string Name, string Schema, int Endpoints, bool HasLeft);
