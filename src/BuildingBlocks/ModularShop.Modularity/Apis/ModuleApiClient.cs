using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Apis;

/// <summary>Asks the module that another process owns.</summary>
internal sealed class ModuleApiClient(
    Deployable here, Ownerships ownerships, OwnershipStore store, CircuitBreakers<string> breakers, StaleAnswers kept, IOptions<ApiOptions> options, TimeProvider time,
    ILogger<ModuleApiClient> logger, PeerClients? peers = null)
{
    public const string Path = "internal/apis";

    /// <summary>The most that is read of an answer.</summary>
    private const int MaxAnswerBytes = 4 * 1024 * 1024;

    private const string Unreachable = "unreachable";

    private const string Broken = "broken";

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, long> _told = new(StringComparer.Ordinal);
    private readonly TimeSpan _timeout = options.Value.Timeout;

    /// <summary>Whether this process writes the module's data; it must be one that hosts the module.</summary>
    public bool IsOwner(ModuleApi api) => ownerships.IsHere(api.Module);

    /// <remarks>
    /// :: Step 1 asks the owner as it is known here. :: Step 2, where the one that was asked knows better, looks once more who
    /// that is; it may be this process.
    /// </remarks>
    /// <param name="implementation">Of the API; null where the module is in another process.</param>
    /// <exception cref="ModuleUnavailableException">There is no answer.</exception>
    public Task<T> AskAsync<T>(Question<T> question, object? implementation, object?[] arguments, CancellationToken cancellationToken) => Deadline.WithinAsync(
        _timeout,
        async limit =>
        {
            var module = question.Api.Module;
            var written = question.Write(arguments);
            for (var looked = 1; ; looked++)
            {
                // :: Step 1
                var known = ownerships.Of(module);
                if (implementation is not null && known.Owner == here.Side)
                {
                    return await question.AnswerHere(implementation, arguments);
                }

                var asked = await AskOwnerAsync(question, written, known.Epoch, limit, cancellationToken);
                if (asked.Owner is not { } owner)
                {
                    return asked.Failure is null ? asked.Answer! : throw Unavailable(module, asked.Failure);
                }

                // :: Step 2
                if (owner.Epoch <= known.Epoch || looked == 2)
                {
                    throw Unavailable(module, "not-owner");
                }

                await LearnAsync(module, owner, limit, cancellationToken);
            }
        },
        cancellationToken);

    private async Task<Asked<T>> AskOwnerAsync<T>(Question<T> question, byte[] written, long epoch, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            return question.MayBeStaleFor is { } staleFor && written.Length <= StaleAnswers.LongestQuestion
                ? await kept.GetAsync(
                    $"{question.Api.Module}/{question.Name}?{Encoding.UTF8.GetString(written)}",
                    staleFor,
                    token => TryAsync(question, written, epoch, token),
                    limit)
                : await TryAsync(question, written, epoch, limit);
        }
        catch (Exception e) when (IsTooLate(e, limit, cancellationToken))
        {
            return Asked<T>.Failed(ModuleUnavailableException.TooSlow);
        }
    }

    private async Task LearnAsync(string module, Ownership owner, CancellationToken limit, CancellationToken cancellationToken)
    {
        try
        {
            await store.LearnAsync(module, owner, limit);
        }
        catch (Exception e) when (IsTooLate(e, limit, cancellationToken))
        {
            throw Unavailable(module, ModuleUnavailableException.TooSlow);
        }
    }

    private async Task<Asked<T>> TryAsync<T>(Question<T> question, byte[] written, long epoch, CancellationToken limit)
    {
        Asked<T> asked = default;
        var failure = await breakers.TryAsync(question.Api.Module, async () =>
        {
            asked = await SendAsync(question, written, epoch, limit);
            if (asked.Failure is Unreachable or Broken && !Deadline.HasPassed)
            {
                // It asks, and changes nothing: asking twice is harmless.
                asked = await SendAsync(question, written, epoch, limit);
            }

            return asked.Failure;
        });
        return failure is null ? asked : Asked<T>.Failed(failure);
    }

    private async Task<Asked<T>> SendAsync<T>(Question<T> question, byte[] written, long epoch, CancellationToken limit)
    {
        var client = peers ?? throw new InvalidOperationException("This process has no peers: call AddPlatform.");
        using var content = new ByteArrayContent(written) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{Path}/{question.Api.Module}/{question.Name}", UriKind.Relative))
        {
            Version = PeerClients.Version, VersionPolicy = client.VersionPolicy, Content = content,
        };
        request.Headers.Add(PeerHeaders.Epoch, epoch.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(PeerHeaders.TimeLeft, ((long)Math.Max(0, Deadline.Left!.Value.TotalMilliseconds)).ToString(CultureInfo.InvariantCulture));
        try
        {
            // A service asks the monolith, which hosts every module and asks on where another service owns it.
            using var response = await client.For(here.Side is Owner.Monolith ? question.Api.Module : Deployable.Monolith)
                .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, limit);
            var answer = await response.Content.ReadAsByteArrayAsync(limit);
            return response.StatusCode switch
            {
                HttpStatusCode.OK => new Asked<T>(question.ReadAnswer(answer), null, null),
                HttpStatusCode.Conflict when JsonSerializer.Deserialize<Refusal>(answer, PeerJson.Options) is { Owner: { } owner, Epoch: { } since } refusal && refusal.Code == ModuleError.NotTheOwner.Code() =>
                    new Asked<T>(default, null, new Ownership(owner, since)),
                HttpStatusCode.GatewayTimeout => Asked<T>.Failed(ModuleUnavailableException.TooSlow),
                var status => Asked<T>.Failed($"status-{(int)status}"),
            };
        }
        catch (JsonException)
        {
            return Asked<T>.Failed("no-answer");
        }
        catch (HttpRequestException e)
        {
            Tell(question.Api.Module, e.GetBaseException().Message);
            return Asked<T>.Failed(e.HttpRequestError switch
            {
                HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError => Unreachable,
                HttpRequestError.ConfigurationLimitExceeded => "too-large",
                _ => Broken,
            });
        }
        catch (IOException e)
        {
            Tell(question.Api.Module, e.GetBaseException().Message);
            return Asked<T>.Failed(Broken);
        }
        catch (OperationCanceledException) when (Deadline.HasPassed)
        {
            return Asked<T>.Failed(ModuleUnavailableException.TooSlow);
        }
    }

    /// <summary>The time is over, and it was not the caller who has gone.</summary>
    private static bool IsTooLate(Exception exception, CancellationToken limit, CancellationToken cancellationToken) =>
        (exception is OperationCanceledException || exception.IsCancelled(limit)) && (!cancellationToken.IsCancellationRequested || Deadline.HasPassed);

    private ModuleUnavailableException Unavailable(string module, string reason)
    {
        Tell(module, reason);
        return new ModuleUnavailableException(module, reason);
    }

    /// <summary>Once in a while for each module: every request would bury all else.</summary>
    private void Tell(string module, string reason)
    {
        var now = time.GetTimestamp();
        var last = _told.GetOrAdd(module, long.MinValue);
        if ((last == long.MinValue || time.GetElapsedTime(last, now) >= TellEvery) && _told.TryUpdate(module, now, last))
        {
            ApisLog.NotAnswered(logger, module, reason);
        }
    }

    /// <summary>What is read of the problem that a peer answers with.</summary>
    private sealed record Refusal(string? Code, Owner? Owner = null, long? Epoch = null);
}

/// <summary>What came of a question: an answer, a failure by its name, or who owns the module instead.</summary>
internal readonly record struct Asked<T>(T? Answer, string? Failure, Ownership? Owner)
{
    public static Asked<T> Failed(string reason) => new(default, reason, null);
}

internal static partial class ApisLog
{
    [LoggerMessage(1301, LogLevel.Warning, "{Module} does not answer the other modules: {Reason}. What needs it is refused with 503 until it does")]
    public static partial void NotAnswered(ILogger logger, string module, string reason);
}
