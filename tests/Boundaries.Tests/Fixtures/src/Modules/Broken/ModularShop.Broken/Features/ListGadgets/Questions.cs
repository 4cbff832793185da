using ModularShop.Neighbour.Contracts;

namespace ModularShop.Broken.Features.ListGadgets
{
    internal sealed class FirstQuestions(INeighbourApi neighbour)
    {
        public Task<bool> Ask(CancellationToken cancellationToken) => neighbour.IsKnownAsync(Guid.Empty, cancellationToken);
    }

    internal sealed class MoreQuestions(INeighbourApi neighbour)
    {
        public async Task<bool> Ask(CancellationToken cancellationToken)
        {
            var known = await neighbour.IsKnownAsync(Guid.Empty, cancellationToken);
            var ask = async () => await neighbour.GetWidgetsAsync([], cancellationToken);
            return known && (await ask()).Count > 0;
        }
    }
}

namespace ModularShop.Broken.Features.QuoteGadgets
{
    internal sealed class QuestionsInALoop(INeighbourApi neighbour)
    {
        public async Task<int> Ask(IEnumerable<Guid> ids, CancellationToken cancellationToken)
        {
            var known = 0;
            foreach (var id in ids)
            {
                known += await neighbour.IsKnownAsync(id, cancellationToken) ? 1 : 0;
            }

            return known;
        }
    }
}
