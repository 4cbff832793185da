using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

public static class MessagingServices
{
    /// <summary>
    /// Outbox, inbox and background work of the module. Its message handlers are found in its assembly, the
    /// upcasters of what they take beside the messages; its context maps the tables with <c>model.AddMessaging()</c>.
    /// </summary>
    public static ModuleBuilder AddMessaging<TContext>(this ModuleBuilder module)
        where TContext : ModuleDbContext
    {
        var services = module.Services;
        AddShared(services);
        AddHandlers(module);

        var name = module.Name;
        services.AddKeyedSingleton<ModuleSignal>(name, (p, _) => p.GetRequiredService<ModuleSignals>()[name]);
        services.AddKeyedSingleton<IInterceptor>(name, (p, _) => new OutboxInterceptor(
            name, p.GetRequiredService<MessageTypes>(), p.GetRequiredService<ModuleSignals>()[name], p.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton<IInterceptor>(name, (_, _) => new UnsavedReads());
        services.AddKeyedSingleton(name, (p, _) => ActivatorUtilities.CreateInstance<LeaseStore>(p, Loaded(p)));
        services.AddKeyedSingleton(name, (p, _) => ActivatorUtilities.CreateInstance<MessageHandling>(p, Loaded(p)));
        services.AddKeyedSingleton<IModuleWorker>(name, (p, _) => ActivatorUtilities.CreateInstance<OutboxDispatcher>(p, Loaded(p)));
        services.AddKeyedSingleton<IModuleWorker>(name, (p, _) => ActivatorUtilities.CreateInstance<InboxProcessor>(
            p, Loaded(p), p.GetRequiredKeyedService<MessageHandling>(name)));
        services.AddKeyedSingleton(name, (p, _) => new ModuleProcessor(
            Loaded(p), Workers(p), JobScheduling.Create(p, Loaded(p)), p.GetRequiredKeyedService<LeaseStore>(name), p.GetRequiredService<Ownerships>(), p.GetRequiredService<OwnershipStore>(),
            p.GetRequiredService<SubscribersElsewhere>(), p.GetRequiredService<ModuleSignals>()[name], p.GetRequiredService<IOptions<MessagingOptions>>(),
            p.GetRequiredService<IHostApplicationLifetime>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<ModuleProcessor>>()));
        services.AddSingleton<IHostedService>(p => p.GetRequiredKeyedService<ModuleProcessor>(name));
        return module.AddRecurringJob<PurgeInbox<TContext>>("PurgeInbox", TimeSpan.FromHours(1));

        LoadedModule Loaded(IServiceProvider p) => p.GetRequiredService<ModuleRegistry>()[name];

        IEnumerable<IModuleWorker> Workers(IServiceProvider p) => p.GetRequiredService<IOptions<MessagingOptions>>().Value.Transport is MessageCarrier.RabbitMq
            ? p.GetKeyedServices<IModuleWorker>(name).Append(ActivatorUtilities.CreateInstance<RabbitMqConsumer>(p, Loaded(p)))
            : p.GetKeyedServices<IModuleWorker>(name);
    }

    /// <summary>A worker that runs in the process that holds the module's lease.</summary>
    public static ModuleBuilder AddWorker<TWorker>(this ModuleBuilder module)
        where TWorker : class, IModuleWorker
    {
        module.Services.AddKeyedSingleton<IModuleWorker>(module.Name, (p, _) => ActivatorUtilities.CreateInstance<TWorker>(p));
        return module;
    }

    /// <summary>A job that runs every so often in the process that holds the module's lease.</summary>
    public static ModuleBuilder AddRecurringJob<TJob>(this ModuleBuilder module, string name, TimeSpan every)
        where TJob : class, IRecurringJob
    {
        var key = $"Jobs:{name}";
        if (module.Configuration[key] is { } configured
            && (!TimeSpan.TryParse(configured, CultureInfo.InvariantCulture, out every) || every < TimeSpan.FromMilliseconds(10) || every > TimeSpan.FromDays(30)))
        {
            throw new ConfigurationException($"{module.Name}:{key} is '{configured}'; it must be a time span from 00:00:00.010 to 30.00:00:00.");
        }

        module.Services.AddScoped<TJob>();
        module.Services.AddSingleton(new RecurringJob(module.Name, name, typeof(TJob), every));
        return module;
    }

    private static void AddShared(IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(ModuleSignals)))
        {
            return;
        }

        services.AddSingleton<ModuleSignals>();
        services.AddSingleton<SubscribersElsewhere>();
        services.AddHostedService<SubscribersRefresh>();
        services.AddHealthChecks().AddCheck<SubscribersHealth>("subscribers", tags: ["ready"]);
        services.AddSingleton<MessageTypes>();
        services.AddSingleton<JobRunner>();
        services.AddSingleton<HandledRates>();
        services.AddSingleton<MessageFlows>();
        services.AddScoped<DeadLetters>();
        services.AddScoped<Backlogs>();
        services.AddSingleton<InProcessTransport>();
        services.AddSingleton<PeerTransport>();
        services.AddSingleton<OwnerTransport>();
        services.AddSingleton<RabbitMqBroker>();
        services.AddSingleton<RabbitMqTransport>();
        services.AddExamination<BrokerExamination>();
        services.TryAddSingleton<IMessageTransport>(p => p.GetRequiredService<IOptions<MessagingOptions>>().Value.Transport is MessageCarrier.RabbitMq
            ? p.GetRequiredService<RabbitMqTransport>()
            : p.GetRequiredService<OwnerTransport>());
        JobScheduling.AddTo(services);
        services.AddSettings<MessagingOptions>("Messaging")
            .Validate(o => o.PollMilliseconds is >= 10 and <= 10_000, "Messaging:PollMilliseconds must be 10 to 10000.")
            .Validate(o => o.MaxPollMilliseconds is >= 10 and <= 10_000, "Messaging:MaxPollMilliseconds must be 10 to 10000.")
            .Validate(o => o.BatchSize is >= 1 and <= 1000, "Messaging:BatchSize must be 1 to 1000.")
            .Validate(o => o.MaxPending is >= 100 and <= 10_000_000, "Messaging:MaxPending must be 100 to 10000000.")
            .Validate(o => o.MaxAttempts is >= 1 and <= 100, "Messaging:MaxAttempts must be 1 to 100.")
            .Validate(o => o.RetryBaseMilliseconds is >= 1 and <= 60_000, "Messaging:RetryBaseMilliseconds must be 1 to 60000.")
            .Validate(o => o.RetryMaxSeconds is >= 1 and <= 86_400, "Messaging:RetryMaxSeconds must be 1 to 86400.")
            .Validate(o => o.LeaseSeconds is >= 1 and <= 60, "Messaging:LeaseSeconds must be 1 to 60.")
            .Validate(o => o.RetentionDays is >= 1 and <= 365, "Messaging:RetentionDays must be 1 to 365.")
            .Validate(
                o => Uri.TryCreate(o.RabbitMq.Uri, UriKind.Absolute, out var broker) && broker?.Scheme is "amqp" or "amqps",
                "Messaging:RabbitMq:Uri must be such as amqp://user:password@broker:5672/, or amqps for TLS.")
            .Validate(o => o.RabbitMq.Prefix is { Length: >= 1 and <= 100 }, "Messaging:RabbitMq:Prefix must have 1 to 100 characters.")
            .Validate(o => o.RabbitMq.Window is >= 1 and <= 5000, "Messaging:RabbitMq:Window must be 1 to 5000.")
            .Validate(o => o.RabbitMq.Prefetch is >= 1 and <= 5000, "Messaging:RabbitMq:Prefetch must be 1 to 5000.");
    }

    /// <summary>Handlers are keyed by module, so that a message reaches those of the module it was delivered to and no others.</summary>
    private static void AddHandlers(ModuleBuilder module)
    {
        var found = new ServiceCollection();
        found.Scan(scan => scan.FromAssemblies(module.Assembly)
            .AddClasses(c => c.InNamespaces(module.Namespace).AssignableTo(typeof(IMessageHandler<>)), publicOnly: false)
            .AsImplementedInterfaces(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(MediatR.INotificationHandler<>))
            .WithScopedLifetime());
        var contracts = new HashSet<Assembly>();
        foreach (var handler in found)
        {
            module.Services.Add(ServiceDescriptor.KeyedScoped(handler.ServiceType, module.Name, handler.ImplementationType!));
            var received = handler.ServiceType.GetGenericArguments()[0];
            var message = received.GetGenericArguments()[0];
            module.Services.AddSingleton(new Subscription(module.Name, message));
            contracts.Add(message.Assembly);
        }

        module.Services.AddUpcasters(contracts);
    }

    /// <summary>The upcasters that live beside the messages; those that two modules need are there once.</summary>
    internal static void AddUpcasters(this IServiceCollection services, IEnumerable<Assembly> contracts)
    {
        var found = new ServiceCollection();
        found.Scan(scan => scan.FromAssemblies(contracts)
            .AddClasses(c => c.AssignableTo(typeof(IUpcaster<>)), publicOnly: false).As<IUpcaster<IMessage>>().WithSingletonLifetime());
        services.TryAddEnumerable(found);
    }
}
