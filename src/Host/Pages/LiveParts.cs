using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace ModularShop.Host.Pages;

/// <summary>
/// Parts of pages that stay current without a reload: drawn here, sent as server-sent events whenever they look different,
/// put in place by <c>live.js</c>.
/// </summary>
internal sealed class LiveParts(ILoggerFactory loggers, IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>A browser has as many open as it shows pages; who opens more is told to wait.</summary>
    private const int MostPerClient = 24;

    /// <summary>So long nothing is sent at most: a browser that hears nothing for longer takes the stream for dead.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(10);

    /// <summary>In which a browser comes again, after the end of a stream.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(2);

    /// <summary>The browser comes again by itself: with a session that is good for longer, and to another host where this one goes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>The part as it is now, and again whenever it has changed.</summary>
    /// <param name="read">What it shows; null: there will be nothing more to show, and the stream ends.</param>
    /// <param name="every">How often it is asked for.</param>
    /// <exception cref="ApiRefusedException">There is nothing that whoever asks may see.</exception>
    public async Task<IResult> StreamAsync<TPart, TModel>(Visit visit, Func<Task<TModel?>> read, TimeSpan every)
        where TPart : Page<TModel>
        where TModel : class
    {
        var client = visit.Http.User.FindFirst("sub")?.Value ?? visit.Http.Connection.RemoteIpAddress?.ToString() ?? "";
        if (_open.AddOrUpdate(client, 1, (_, n) => n + 1) > MostPerClient)
        {
            Leave(client);
            return TypedResults.StatusCode(StatusCodes.Status429TooManyRequests);
        }

        visit.Http.Response.OnCompleted(() =>
        {
            Leave(client);
            return Task.CompletedTask;
        });
        // A form in the part may need a cookie, which goes before the first event.
        _ = visit.Form;
        // Proxies such as nginx would keep events until there are enough of them.
        visit.Http.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(ReadAsync<TPart, TModel>(visit, await read(), read, every, visit.Http.RequestAborted));
    }

    /// <summary>The HTML of a part.</summary>
    public async Task<string> DrawAsync<TPart, TModel>(Visit visit, TModel model)
        where TPart : Page<TModel>
    {
        await using var renderer = new HtmlRenderer(visit.Http.RequestServices, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var drawn = await renderer.RenderComponentAsync<TPart>(ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                [nameof(Page<>.Visit)] = visit, [nameof(Page<>.Model)] = model,
            }));
            return drawn.ToHtmlString();
        });
    }

    private async IAsyncEnumerable<SseItem<string>> ReadAsync<TPart, TModel>(
        Visit visit, TModel? model, Func<Task<TModel?>> read, TimeSpan every, [EnumeratorCancellation] CancellationToken aborted)
        where TPart : Page<TModel>
        where TModel : class
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(aborted, lifetime.ApplicationStopping);
        end.CancelAfter(Longest);
        using var pace = new PeriodicTimer(every, time);
        var (shown, told) = ((string?)null, time.GetTimestamp());
        while (model is not null)
        {
            var html = await DrawAsync<TPart, TModel>(visit, model);
            if (html != shown)
            {
                (shown, told) = (html, time.GetTimestamp());
                yield return new SseItem<string>(html) { ReconnectionInterval = Again };
            }
            else if (time.GetElapsedTime(told) >= Beat)
            {
                told = time.GetTimestamp();
                yield return new SseItem<string>("", "beat");
            }

            if (!await TickAsync(pace, end.Token))
            {
                yield break;
            }

            try
            {
                model = await read();
            }
            catch (Exception e) when (e is ApiRefusedException or TimeoutException)
            {
                // The browser keeps what it shows, says that it is old, and comes again.
                yield break;
            }
        }

        yield return new SseItem<string>("", "end");
    }

    private static async Task<bool> TickAsync(PeriodicTimer pace, CancellationToken cancellationToken)
    {
        try
        {
            return await pace.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Leave(string client)
    {
        if (_open.AddOrUpdate(client, 0, (_, n) => n - 1) <= 0)
        {
            _open.TryRemove(new KeyValuePair<string, int>(client, 0));
        }
    }
}
