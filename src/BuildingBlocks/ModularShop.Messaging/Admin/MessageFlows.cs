using ModularShop.Messaging.Schemas;

namespace ModularShop.Messaging;

/// <summary>Which messages go from which module to which, as the code has it, and how many of them lately.</summary>
internal sealed class MessageFlows(IServiceProvider shop, HandledRates rates)
{
    /// <summary>The code does not change while it runs.</summary>
    private readonly Lazy<IReadOnlyList<EventContract>> _contracts = new(() => EventContract.AllOf(shop));

    public IReadOnlyList<MessageFlow> Show() =>
    [
        .. _contracts.Value
            .SelectMany(c => c.Publisher.Split(", ", StringSplitOptions.RemoveEmptyEntries).SelectMany(from => c.Consumers.Select(to => new MessageFlow(c.Name, from, to, rates.LastMinute(to, c.Name)))))
            .OrderBy(f => f.From, StringComparer.Ordinal).ThenBy(f => f.Type, StringComparer.Ordinal).ThenBy(f => f.To, StringComparer.Ordinal),
    ];
}
