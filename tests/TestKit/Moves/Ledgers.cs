using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ModularShop.TestKit;

/// <summary>
/// Clients that write at a steady rate, each a product of its own, and keep a history: whatever they are answered must be
/// what they have written so far, no more and no less. In the end all that they ever made is read once more.
/// </summary>
internal sealed class Ledgers : IAsyncDisposable
{
    private static readonly Uri Products = new("/api/v1/catalog/products", UriKind.Relative);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _stop = new();
    private readonly HttpClient _operator;
    private readonly int _readEvery;
    private readonly List<Task> _running;

    /// <param name="skus">A client for each, which makes 20 writes a second where it gets its answers in time.</param>
    /// <param name="readEvery">Every how manyth write is read back at once; in the end all are.</param>
    public Ledgers(HttpClient operators, IEnumerable<string> skus, int readEvery = 1)
    {
        (_operator, _readEvery) = (operators, readEvery);
        _running = [.. skus.Select(sku => Task.Run(() => KeepAsync(sku)))];
    }

    public ConcurrentQueue<string> Wrong { get; } = new();

    public ConcurrentDictionary<string, int> AnsweredBy { get; } = new(StringComparer.Ordinal);

    public ConcurrentBag<Write> Writes { get; } = [];

    /// <summary>Ends the writing and reads back what was written.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
    }

    /// <summary>Does something, and waits for some writes of everybody more.</summary>
    /// <returns>The longest wait of a write meanwhile, in milliseconds.</returns>
    public async Task<double> LongestWaitAsync(Func<Task> act)
    {
        var began = Now;
        await act();
        var goal = Writes.Count + (4 * _running.Count);
        await Eventually.TrueAsync(() => Task.FromResult(Writes.Count >= goal || !Wrong.IsEmpty), "more writes", TimeSpan.FromSeconds(60));
        return LongestWait(began, Now).TotalMilliseconds;
    }

    /// <summary>The longest wait of any write that was under way in this time.</summary>
    private TimeSpan LongestWait(TimeSpan from, TimeSpan to) => Writes.Where(w => w.Began <= to && w.Began + w.Took >= from).Select(w => w.Took).DefaultIfEmpty().Max();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    private async Task KeepAsync(string sku)
    {
        var stock = new Uri($"{Products}/{sku}/stock", UriKind.Relative);
        var product = new Uri($"{Products}/{sku}", UriKind.Relative);
        var (onHand, price, made) = (await OnHandAsync(stock), 0L, new List<string>());
        using var pace = new PeriodicTimer(Tick);
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var readsBack = i % _readEvery == 0;
            if (i % 3 == 0)
            {
                onHand++;
                var answer = await WriteAsync(() => ComeInAsync(stock));
                Expect(answer?["onHand"]?.GetValue<int>() == onHand, $"{sku}: {onHand} are on hand, the answer to the write is {answer?.ToJsonString()}");
                Expect((readsBack ? await OnHandAsync(stock) : onHand) is var read && read == onHand, $"{sku}: {onHand} are on hand, {read} are read");
            }
            else if (i % 3 == 1)
            {
                price++;
                await WriteAsync(() => _operator.PutAsJsonAsync($"{product}/price", new { price = new { amount = price, currency = "EUR" } }));
                Expect((readsBack ? await PriceAsync(product) : price) is var read && read == price, $"{sku}: the price is {price}, {read} is read");
            }
            else
            {
                // Executed twice, it is refused; lost, it is not found.
                var other = $"M-{Guid.CreateVersion7():N}".ToUpperInvariant();
                made.Add(other);
                await WriteAsync(() => _operator.PostAsJsonAsync(Products, new { sku = other, name = other, category = "kitchen", price = new { amount = 1, currency = "EUR" } }));
                Expect(!readsBack || await PriceAsync(new Uri($"{Products}/{other}", UriKind.Relative)) == 1, $"{other} is not there");
            }

            await pace.WaitForNextTickAsync();
        }

        Expect(await OnHandAsync(stock) is var last && last == onHand, $"{sku}: in the end {onHand} are on hand, {last} are read");
        Expect(price == 0 || await PriceAsync(product) == price, $"{sku}: in the end the price is {price}");
        foreach (var other in made)
        {
            Expect(await PriceAsync(new Uri($"{Products}/{other}", UriKind.Relative)) == 1, $"{other} is not there in the end");
        }
    }

    private async Task<HttpResponseMessage> ComeInAsync(Uri stock)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, stock) { Content = JsonContent.Create(new { quantity = 1, reason = "came in" }) };
        request.Headers.Add("Idempotency-Key", $"{Guid.CreateVersion7()}");
        return await _operator.SendAsync(request);
    }

    private async Task<int> OnHandAsync(Uri stock) => (await SendAsync("read", () => _operator.GetAsync(stock)))?["onHand"]?.GetValue<int>() ?? -1;

    private async Task<long> PriceAsync(Uri product) => (await SendAsync("read", () => _operator.GetAsync(product)))?["price"]?["amount"]?.GetValue<long>() ?? -1;

    private async Task<JsonNode?> WriteAsync(Func<Task<HttpResponseMessage>> send)
    {
        var began = Now;
        var answer = await SendAsync("write", send);
        Writes.Add(new Write(began, Now - began));
        return answer;
    }

    private async Task<JsonNode?> SendAsync(string kind, Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            using var response = await send();
            AnsweredBy.AddOrUpdate($"{kind} {response.AnsweredBy()}", 1, (_, n) => n + 1);
            var body = await response.Content.ReadAsStringAsync();
            Expect(response.IsSuccessStatusCode, string.Create(CultureInfo.InvariantCulture, $"{kind}: {(int)response.StatusCode} {response.AnsweredBy()} {body}"));
            return response.IsSuccessStatusCode && body.Length > 0 ? JsonNode.Parse(body) : null;
        }
        catch (HttpRequestException e)
        {
            Wrong.Enqueue($"{kind}: {e.Message}");
            return null;
        }
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            Wrong.Enqueue(otherwise);
        }
    }

    internal sealed record Write(TimeSpan Began, TimeSpan Took);
}
