using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;
using Quartz;

namespace ModularShop.Messaging;

/// <summary>The scheduler that the product is built with: Quartz.</summary>
internal static class JobScheduling
{
    /// <summary>Once for the process.</summary>
    public static void AddTo(IServiceCollection services)
    {
        services.AddSingleton<QuartzStore>();
        services.AddSingleton<IModuleTables, QuartzTables>();
    }

    /// <summary>The schedule of one module.</summary>
    public static IJobSchedule Create(IServiceProvider services, LoadedModule module) => ActivatorUtilities.CreateInstance<QuartzSchedule>(services, module);

    /// <summary>Quartz builds a container of its own; what it has to say goes to the process's log.</summary>
    public static void UseLogging(this IQuartzBuilder quartz, ILoggerFactory loggers)
    {
        quartz.Services.AddSingleton(loggers);
        quartz.Services.AddSingleton<ILoggerProvider>(NullLoggerProvider.Instance); // without one it takes the factory for unfinished
    }
}
