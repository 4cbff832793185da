using System.Collections.Concurrent;

namespace EndToEnd.Tests.Crashes;

/// <summary>Customers who check out, many at once, and do not give up until they know their order.</summary>
internal sealed class Rush : IDisposable
{
    private readonly FailOver _failOver;
    private readonly HttpClient _client;
    private readonly List<Shopper> _shoppers = [];
    private readonly IReadOnlyList<string> _skus;
    private readonly ConcurrentDictionary<string, Guid> _told = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _asked = new(StringComparer.Ordinal);
    private int _prepared;

    private Rush(IReadOnlyList<Uri> hosts, IReadOnlyList<string> skus)
    {
        _skus = skus;
        _failOver = new FailOver(hosts);
#pragma warning disable RS0030 // a test's client of processes of its own needs no factory
        _client = new HttpClient(_failOver) { BaseAddress = new Uri("http://any-host"), Timeout = TimeSpan.FromMinutes(3) };
#pragma warning restore RS0030
    }

    /// <summary>The order that a client was told for its idempotency key.</summary>
    public IReadOnlyDictionary<string, Guid> Told => _told;

    /// <summary>The idempotency keys of checkouts that were begun and have no answer yet.</summary>
    public IEnumerable<string> Unanswered => _asked.Keys.Where(key => !_told.ContainsKey(key));

    public int Retries => _failOver.Retries;

    /// <inheritdoc cref="FailOver.Refused"/>
    public string? Refused => _failOver.Refused;

    /// <summary>What a client got that was no answer: the first there was.</summary>
    private Exception? Failure { get; set; }

    public static async Task<Rush> ComeAsync(IReadOnlyList<Uri> hosts, IReadOnlyList<string> skus, int customers)
    {
        var rush = new Rush(hosts, skus);
        for (var i = 0; i < customers; i++)
        {
            rush._shoppers.Add(await Shopper.RegisterAsync(rush._client));
        }

        return rush;
    }

    /// <summary>Every customer fills a cart; returns what checks all of them out at once.</summary>
    public async Task<Func<Task>> PrepareAsync()
    {
        var ready = await Task.WhenAll(_shoppers.Select(FillAsync));
        return () => Task.WhenAll(ready.Select(c => CheckOutAsync(c.Key, c.Run)));
    }

    /// <summary>Waits until customers have been told of so many orders; fails when one got something else than an answer.</summary>
    public async Task AnsweredAsync(int orders)
    {
        try
        {
            await Eventually.TrueAsync(() => Task.FromResult(Failure is not null || _told.Count >= orders), $"{orders} orders", TimeSpan.FromSeconds(60));
        }
        catch (ShouldAssertException e)
        {
            throw new ShouldAssertException($"{e.Message}; there are {_told.Count}; {Retries} requests repeated, the last because of {_failOver.LastFailure}", e);
        }

        Failure.ShouldBeNull();
    }

    public void Dispose() => _client.Dispose();

    private async Task CheckOutAsync(string key, Func<Task<Guid>> checkOut)
    {
        try
        {
            _asked[key] = true;
            _told[key] = await checkOut();
        }
        catch (Exception e)
        {
            Failure ??= e;
            throw;
        }
    }

    private async Task<(string Key, Func<Task<Guid>> Run)> FillAsync(Shopper shopper)
    {
        var card = await shopper.CardAsync(Shopper.ApprovedCard);
        var cart = await shopper.FillCartAsync(_skus[Interlocked.Increment(ref _prepared) % _skus.Count], 1);
        var key = $"checkout-{cart}";
        return (key, () => shopper.CheckOutAsync(cart, card, key));
    }
}
