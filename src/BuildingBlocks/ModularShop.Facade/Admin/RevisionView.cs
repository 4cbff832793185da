namespace ModularShop.Facade;

/// <summary>A change of the routing.</summary>
/// <param name="By">Who changed it: an operator, or <c>file</c>.</param>
/// <param name="Changes">What changed, such as <c>Catalog.GetProduct: Monolith -&gt; Canary 10 %</c>; empty where the two files say the same.</param>
/// <param name="Before">The whole routing file of the revision before; null for the first that is kept.</param>
/// <param name="After">The whole routing file.</param>
public sealed record RevisionView(long Number, DateTimeOffset At, string By, string Reason, IReadOnlyList<string> Changes, string? Before, string After)
{
    /// <param name="newestFirst">With the one before the oldest that is shown, if there is one.</param>
    internal static IReadOnlyList<RevisionView> Of(IReadOnlyList<RoutingRevision> newestFirst, int most) =>
    [
        .. newestFirst.Take(most).Select((r, i) => (Revision: r, Before: newestFirst.ElementAtOrDefault(i + 1)?.Text))
            .Select(p => new RevisionView(
                p.Revision.Number, p.Revision.At, p.Revision.By, p.Revision.Reason, RoutingDifference.Between(p.Before, p.Revision.Text), p.Before, p.Revision.Text)),
    ];
}
