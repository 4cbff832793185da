using ModularShop.Modularity.Deployables;

namespace ModularShop.Messaging;

/// <summary>Messages for one module of another deployable, in their order.</summary>
/// <param name="Epoch">Of the module's owner, as the sender knows it.</param>
internal sealed record MessageBatch(long Epoch, IReadOnlyList<Envelope> Messages)
{
    /// <summary>The most messages of one batch.</summary>
    public const int MaxMessages = 500;

    /// <summary>The most that a receiver reads. One message may be larger than what batches are cut at, but not than this.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int CutAtCharacters = 1024 * 1024;

    /// <summary>As few batches as their limits allow.</summary>
    public static IEnumerable<IReadOnlyList<Envelope>> Cut(IReadOnlyList<Envelope> messages)
    {
        var batch = new List<Envelope>();
        var characters = 0;
        foreach (var message in messages)
        {
            if (batch.Count == MaxMessages || (batch.Count > 0 && characters + message.Data.Length > CutAtCharacters))
            {
                yield return batch;
                (batch, characters) = ([], 0);
            }

            batch.Add(message);
            characters += message.Data.Length;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }
}

/// <summary>Every message of the batch is durably in the inbox of the module.</summary>
internal sealed record BatchReceived(string Module, int Received);

/// <summary>What is read of the problem that a peer answers with.</summary>
internal sealed record BatchRefused(string? Code, string? Detail, Owner? Owner = null, long? Epoch = null);
