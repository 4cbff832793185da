using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

namespace ModularShop.MoveTables;

/// <summary>Moves the tables of modules to the databases of their services.</summary>
public static class MoveTablesServices
{
    public static WebApplicationBuilder AddMoveTables(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<MoveTablesOptions>(MoveTablesOptions.Section);
        if (builder.Configuration.GetSection(MoveTablesOptions.Section).Get<MoveTablesOptions>()?.Problem() is { } problem)
        {
            throw new ConfigurationException(problem);
        }

        services.AddSingleton<MovePairs>();
        services.AddSingleton<MoveSteps>();
        services.AddSingleton<ServiceProbe>();
        services.AddSingleton<MoveChecks>();
        services.AddExamination<MoveExamination>();
        services.AddSingleton<Moves>();
        services.AddHostedService<Coordinator>();
        services.AddSingleton<Multiplication>();
        services.AddSingleton(p => new HostCommand(HostCommand.Multiply, token => p.GetRequiredService<Multiplication>().RunAsync(token)));
        return builder;
    }

    /// <summary>The operator's API to moves: <c>/api/v1/moves</c>.</summary>
    public static void MapMoveTables(this WebApplication app) => MovesEndpoints.Map(app);
}
