using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Peers;

namespace BuildingBlocks.Tests.Receiver;

/// <summary>What the tests ask the receiver from wherever they are.</summary>
internal interface IReceiverApi
{
    Task<Answerer> GetAnswererAsync(string question, CancellationToken cancellationToken);

    /// <summary>How many questions of any kind have arrived at whoever answers, as an example of what changes.</summary>
    [MayBeStale(seconds: 1)]
    Task<long> EstimateAsync(string what, CancellationToken cancellationToken);

    Task<bool> IsEverAnsweredAsync(CancellationToken cancellationToken);

    /// <summary>In milliseconds; null where there is no deadline.</summary>
    Task<double?> GetTimeLeftAsync(CancellationToken cancellationToken);
}

internal sealed record Answerer(string Deployable, string Question);

internal sealed class ReceiverApi(Deployable here, Listening listening) : IReceiverApi
{
    public Task<Answerer> GetAnswererAsync(string question, CancellationToken cancellationToken) => Task.FromResult(new Answerer(here.Name, question));

    public Task<long> EstimateAsync(string what, CancellationToken cancellationToken) => Task.FromResult(Listening.Next());

    public async Task<bool> IsEverAnsweredAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.Register(listening.GivenUp.SetResult))
        {
            await listening.GivenUp.Task;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return true;
    }

    public Task<double?> GetTimeLeftAsync(CancellationToken cancellationToken) => Task.FromResult(Deadline.Left?.TotalMilliseconds);
}
