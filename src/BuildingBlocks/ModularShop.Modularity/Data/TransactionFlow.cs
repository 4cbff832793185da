namespace ModularShop.Modularity.Data;

/// <summary>
/// Knows whether the current flow of execution is inside a database transaction, so that a network call there
/// can be refused: it would hold locks for as long as somebody else's server likes.
/// </summary>
public static class TransactionFlow
{
    private static readonly AsyncLocal<Scope?> Current = new();

    /// <summary>The schema whose transaction is open in this flow; null where there is none.</summary>
    public static string? OpenIn
    {
        get
        {
            for (var scope = Current.Value; scope is not null; scope = scope.Outer)
            {
                if (scope.IsOpen)
                {
                    return scope.Schema;
                }
            }

            return null;
        }
    }

    /// <exception cref="InvalidOperationException">A transaction is open in this flow.</exception>
    public static void RefuseNetworkCall(string target)
    {
        if (OpenIn is { } schema)
        {
            throw new InvalidOperationException(
                $"A network call to {target} inside a transaction of '{schema}'. Record the intent and commit, call with an idempotency key, then record the result in a transaction of its own.");
        }
    }

    internal static IDisposable Enter(string schema)
    {
        // Closed scopes are dropped here: a loop that opens one transaction after another keeps no chain of them.
        var outer = Current.Value;
        while (outer is { IsOpen: false })
        {
            outer = outer.Outer;
        }

        return Current.Value = new Scope(schema, outer);
    }

    private sealed class Scope(string schema, Scope? outer) : IDisposable
    {
        private volatile bool _closed;

        public string Schema => schema;

        public Scope? Outer => outer;

        public bool IsOpen => !_closed;

        public void Dispose() => _closed = true;
    }
}

/// <summary>Refuses HTTP calls inside a transaction; added to every client in Development and in tests.</summary>
public sealed class NoNetworkInTransactions : DelegatingHandler
{
    protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        TransactionFlow.RefuseNetworkCall(request.RequestUri?.ToString() ?? "?");
        return base.Send(request, cancellationToken);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        TransactionFlow.RefuseNetworkCall(request.RequestUri?.ToString() ?? "?");
        return base.SendAsync(request, cancellationToken);
    }
}
