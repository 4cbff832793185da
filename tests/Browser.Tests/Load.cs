using System.Diagnostics;
using System.Net.Http.Headers;

namespace Browser.Tests;

/// <summary>Requests for one address, so many a second and no more; where the shop is slower, as many as it answers.</summary>
internal sealed class Load : IAsyncDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);

    private readonly CancellationTokenSource _end = new();
    private readonly Stopwatch _running = Stopwatch.StartNew();
    private readonly Task _asking;
    private long _answered;

    public Load(HttpClient client, string address, int perSecond) => _asking = AskAsync(client, address, Math.Max(1, (int)(perSecond * Pace.TotalSeconds)));

    public long Answered => Interlocked.Read(ref _answered);

    public double PerSecond => Answered / _running.Elapsed.TotalSeconds;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _asking;
        _end.Dispose();
    }

    private async Task AskAsync(HttpClient client, string address, int atOnce)
    {
        using var pace = new PeriodicTimer(Pace);
        while (!_end.IsCancellationRequested)
        {
            await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => AskAsync(client, address)));
            await pace.WaitForNextTickAsync();
        }
    }

    private async Task AskAsync(HttpClient client, string address)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, UriKind.Relative)) { Headers = { CacheControl = new CacheControlHeaderValue { NoCache = true } } };
        using var answer = await client.SendAsync(request);
        Interlocked.Increment(ref _answered);
    }
}
