using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Pipeline;

namespace ModularShop.Modularity.Modules;

public static class ModuleServices
{
    /// <summary>The modules of this process; the order decides nothing.</summary>
    public static WebApplicationBuilder AddModules(this WebApplicationBuilder builder, params IReadOnlyList<IModule> modules)
    {
        if (builder.Configuration["Database:Provider"] is { } provider && !Enum.GetNames<DatabaseProvider>().Contains(provider, StringComparer.OrdinalIgnoreCase))
        {
            throw new ConfigurationException($"Database:Provider is '{provider}'; it must be one of {string.Join(", ", Enum.GetNames<DatabaseProvider>())}.");
        }

        var services = builder.Services;
        var loaded = new List<LoadedModule>();
        foreach (var module in modules)
        {
            var moduleBuilder = new ModuleBuilder(module, services, builder.Configuration, builder.Environment);
            AddRequestHandlers(moduleBuilder);
            module.AddServices(moduleBuilder);
            loaded.Add(new LoadedModule(module, moduleBuilder.DbContextType
                ?? throw new InvalidOperationException($"The module {module.Name} has no database: call AddDatabase<TContext>() in its AddServices.")));
        }

        services.AddApiDocuments(modules);
        var departed = services.Select(d => d.ImplementationInstance).OfType<Deployable>().LastOrDefault()?.Side is Owner.Service
            ? []
            : DepartedModule.Of(builder.Environment.ApplicationName, [.. modules.Select(m => m.Name)]);
        services.AddSingleton(new ModuleRegistry(loaded, departed));
        services.AddSingleton<DepartedData>();
        services.AddDepartedModules(departed);
        services.AddSingleton<DatabaseStartup>();
        services.AddExamination<DatabaseExamination>();
        services.AddSingleton<Provisioning>();
        services.AddSettings<ProvisioningOptions>("Provisioning");
        services.TryAddSingleton(TimeProvider.System);
        services.AddOwnership();
        services.AddModuleApis(departed);
        services.AddScoped<IMediator>(p => new Mediator(p.GetService!));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(ValidationBehavior<,>));
        services.AddScoped(typeof(IPipelineBehavior<,>), typeof(UnitOfWorkBehavior<,>));
        services.AddSettings<DatabaseOptions>("Database")
            .Validate(o => o.MaxBatchSize is null or (>= 1 and <= 1000), "Database:MaxBatchSize must be 1 to 1000.")
            .Validate(o => o.StartupWaitSeconds is >= 0 and <= 3600, "Database:StartupWaitSeconds must be 0 to 3600.");
        return builder;
    }

    /// <summary>Maps every module under <c>/api/v1/&lt;module&gt;</c>.</summary>
    /// <param name="convention">What else there is to say about a module's endpoints.</param>
    public static void MapModules(this WebApplication app, Action<IEndpointConventionBuilder, LoadedModule>? convention = null)
    {
        foreach (var module in app.Services.GetRequiredService<ModuleRegistry>().Modules)
        {
            var group = app.MapGroup($"/api/v1/{module.Schema}").WithTags(module.Name).WithGroupName(module.Schema);
            convention?.Invoke(group, module);
            module.Module.MapEndpoints(group);
        }
    }

    private static void AddRequestHandlers(ModuleBuilder module) => module.Services.Scan(scan => scan
        .FromAssemblies(module.Assembly)
        .AddClasses(c => c.InNamespaces(module.Namespace).AssignableTo(typeof(IRequestHandler<,>)), publicOnly: false).AsImplementedInterfaces().WithScopedLifetime()
        .AddClasses(c => c.InNamespaces(module.Namespace).AssignableTo(typeof(IValidator<>)), publicOnly: false).AsImplementedInterfaces().WithSingletonLifetime());
}
