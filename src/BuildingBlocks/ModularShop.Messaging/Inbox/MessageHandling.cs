using System.Diagnostics;
using System.Diagnostics.Metrics;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Messaging;

/// <summary>One message, handed to the handlers of one module inside the caller's transaction.</summary>
internal sealed class MessageHandling(LoadedModule module, MessageTypes types, TimeProvider time) : IDisposable
{
    private static readonly ActivitySource Source = new("ModularShop.Messaging");

    private readonly Meter _meter = new("ModularShop.Messaging");
    private Counter<long>? _handled;
    private Histogram<double>? _latency;

    public async Task HandleAsync(IServiceProvider services, ModuleDbContext context, InboxMessage message, CancellationToken cancellationToken)
    {
        var envelope = message.ToEnvelope();
        using var activity = Start(envelope);
        context.Attach(message);
        message.State = InboxState.Handled;
        message.HandledAt = time.GetUtcNow();
        try
        {
            // The handlers of this module alone: another module that takes the same type has its own inbox.
            var mediator = new Mediator(type => services.GetKeyedService(type, module.Name) ?? services.GetService(type)!);
            await mediator.Publish(types.Read(envelope), cancellationToken);
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // The object outlives the failed transaction and is tried again.
            message.State = InboxState.Pending;
            message.HandledAt = null;
            activity.SetStatus(ActivityStatusCode.Error, e.GetBaseException().Message);
            throw;
        }
        finally
        {
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
            _latency.Record((now - message.Time).TotalSeconds, tags);
        }
    }

    public void Dispose() => _meter.Dispose();

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
