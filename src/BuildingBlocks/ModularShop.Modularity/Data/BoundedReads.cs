namespace ModularShop.Modularity.Data;

/// <summary>Reads that do without a database that is away.</summary>
public static class BoundedReads
{
    /// <returns>What was read, or why the database could not be asked; the other one is null.</returns>
    public static async Task<(T? Read, string? Trouble)> TryAsync<T>(Func<CancellationToken, Task<T>> read, TimeSpan patience, CancellationToken cancellationToken)
        where T : class
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(patience);
        try
        {
            // Some drivers are slow to notice that they are not waited for any more.
            return (await read(limit.Token).WaitAsync(limit.Token), null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (e.IsCancelled(limit.Token) || e.IsDatabaseUnavailable()))
        {
            return (null, e.IsCancelled(limit.Token) ? $"The database has not answered within {patience.TotalSeconds} s." : "The database does not answer.");
        }
    }
}
