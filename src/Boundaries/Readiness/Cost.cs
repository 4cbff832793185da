using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Readiness;

/// <summary>What a broken rule costs of a hundred points: each time, and at most; a hundred of one kind are mended as one.</summary>
/// <param name="Page">Of the playbook, and where on it.</param>
internal sealed record Cost(string Title, int Each, int Most, string Page)
{
    private const string Decide = "migration-playbook/01-decide.md#";

    private static readonly Dictionary<Concern, Cost> All = new()
    {
        [Concern.References] = new("code that does not come apart", 4, 20, Decide + "code"),
        [Concern.Tables] = new("tables that do not come apart", 6, 24, Decide + "tables"),
        [Concern.Contracts] = new("contracts that carry more than data", 3, 9, Decide + "contracts"),
        [Concern.Questions] = new("questions not fit for a network", 4, 12, Decide + "questions"),
        [Concern.MessageHandlers] = new("handlers not safe to run twice", 5, 15, Decide + "message-handlers"),
        [Concern.Writes] = new("writes and calls that nobody sees", 5, 15, Decide + "writes"),
        [Concern.StoreTypes] = new("values another engine keeps differently", 3, 12, Decide + "store-types"),
        [Concern.Endpoints] = new("endpoints that cannot be routed", 2, 6, Decide + "endpoints"),
    };

    public static Cost Of(Concern concern) => All[concern];
}
