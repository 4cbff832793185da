using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>One message, handed to the handlers of one module inside the caller's transaction.</summary>
internal sealed class MessageHandling(LoadedModule module, MessageTypes types, HandledRates rates, TimeProvider time) : IDisposable
{
    private static readonly ActivitySource Source = new("ModularShop.Messaging");

    /// <summary>The types of message whose handlers ask the database.</summary>
    private readonly ConcurrentDictionary<string, bool> _readers = new(StringComparer.Ordinal);

    private readonly Meter _meter = new("ModularShop.Messaging");
    private Counter<long>? _handled;
    private Histogram<double>? _latency;

    /// <summary>
    /// Runs the handlers. What they changed may still have to be saved: handlers that only write, and publish
    /// nothing, are saved together, which on a server is most of what such a message costs.
    /// </summary>
    /// <exception cref="UnsavedReadException">A handler of this type turned out to read; from now on it is known.</exception>
    public async Task HandleAsync(IServiceProvider services, ModuleDbContext context, InboxMessage message, CancellationToken cancellationToken)
    {
        if (_readers.ContainsKey(message.Type))
        {
            await SaveAsync(context, cancellationToken);
        }

        var envelope = message.ToEnvelope();
        using var activity = Start(envelope);
        try
        {
            // The handlers of this module alone: another module that takes the same type has its own inbox.
            var mediator = new Mediator(type => services.GetKeyedService(type, module.Name) ?? services.GetService(type)!);
            await mediator.Publish(types.Read(envelope), cancellationToken);
            context.HoldsUnsavedChanges = true;
            if (Publishes(context))
            {
                // Here, so that what it publishes bears the trace of this message.
                await SaveAsync(context, cancellationToken);
            }
        }
        catch (Exception e)
        {
            if (e is UnsavedReadException)
            {
                _readers[message.Type] = true;
            }

            activity.SetStatus(ActivityStatusCode.Error, e.GetBaseException().Message);
            throw;
        }
    }

    /// <summary>Saves what handlers have left unsaved.</summary>
    public static async Task SaveAsync(ModuleDbContext context, CancellationToken cancellationToken)
    {
        if (context.HoldsUnsavedChanges)
        {
            context.HoldsUnsavedChanges = false;
            await context.SaveChangesAsync(cancellationToken);
            context.ChangeTracker.Clear();
        }
    }

    /// <summary>Counts messages whose transaction is committed.</summary>
    public void Handled(IReadOnlyList<InboxMessage> messages)
    {
        _handled ??= _meter.CreateCounter<long>("modularshop.messages.handled", "{message}");
        _latency ??= _meter.CreateHistogram<double>("modularshop.messages.latency", "s", "From publication to handled");
        var now = time.GetUtcNow();
        foreach (var message in messages)
        {
            var tags = new TagList { { "module", module.Name }, { "type", message.Type } };
            _handled.Add(1, tags);
            rates.Add(module.Name, message.Type);
            _latency.Record((now - message.Time).TotalSeconds, tags);
        }
    }

    public void Dispose() => _meter.Dispose();

    private static bool Publishes(ModuleDbContext context)
    {
        context.ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return context.ChangeTracker.Entries<AggregateRoot>().Any(e => e.Entity.HasMessages);
        }
        finally
        {
            context.ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    private Activity Start(Envelope envelope)
    {
        var name = $"{module.Name} handle {envelope.Type}";
        var activity = Source.StartActivity(name, ActivityKind.Consumer, envelope.TraceParent);
        if (activity is null)
        {
            // Nobody listens; the trace goes on all the same, so that logs and later messages bear its id.
            activity = new Activity(name);
            if (envelope.TraceParent is { } parent)
            {
                activity.SetParentId(parent);
            }

            activity.Start();
        }

        return activity.SetTag("messaging.message.id", envelope.Id).SetTag("modularshop.subject", envelope.Subject);
    }
}
