using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Examinations;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Security;

/// <summary>Names of the rate limits: the classes of endpoints. An endpoint that says nothing reads or writes, by its method, or is for operators.</summary>
public static class RateLimits
{
    public const string Reads = "reads";

    public const string Writes = "writes";

    /// <summary>For reads that search: they cost the most.</summary>
    public const string Searches = "searches";

    public const string Operators = "operators";

    /// <summary>For endpoints that check a secret which somebody could guess: few attempts per address, whoever is logged in there.</summary>
    public const string Credentials = "credentials";
}

/// <summary>
/// Section <c>RateLimits</c>: how much one client may ask for, all in all and of each class of endpoints. A client is a customer or an
/// operator who is logged in, else an address; of IPv6 the network of 64 bits, which is what one client is given.
/// </summary>
public sealed record RateLimitOptions
{
    /// <summary>Requests per second, 1 to 1,000,000, of all classes together; bursts of twice that, as in every class.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>1 to 1,000,000; unset, as many as requests altogether.</summary>
    public int? ReadsPerSecond { get; init; }

    /// <summary>1 to 1,000,000; unset, half as many as requests altogether.</summary>
    public int? WritesPerSecond { get; init; }

    /// <summary>1 to 1,000,000; unset, half as many as requests altogether.</summary>
    public int? SearchesPerSecond { get; init; }

    /// <summary>1 to 1,000,000; unset, as many as requests altogether.</summary>
    public int? OperatorsPerSecond { get; init; }

    /// <summary>Attempts with credentials per minute and address, 1 to 1,000,000.</summary>
    public int CredentialsPerMinute { get; init; } = 20;

    /// <summary>The classes that are limited by the second.</summary>
    internal IEnumerable<(string Name, int PerSecond)> Classes =>
    [
        (RateLimits.Reads, ReadsPerSecond ?? RequestsPerSecond),
        (RateLimits.Writes, WritesPerSecond ?? Half),
        (RateLimits.Searches, SearchesPerSecond ?? Half),
        (RateLimits.Operators, OperatorsPerSecond ?? RequestsPerSecond),
    ];

    private int Half => (RequestsPerSecond + 1) / 2;
}

internal static class RateLimitServices
{
    private const int Most = 1_000_000;

    /// <remarks>What belongs to a client that has been idle for a while is dropped by the limiters themselves.</remarks>
    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<RateLimitOptions>, RateLimitRules>();
        services.AddSettings<RateLimitOptions>("RateLimits");
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, limits) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (context, _) =>
            {
                var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromSeconds(1);
                context.HttpContext.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return ValueTask.CompletedTask;
            };
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, RateLimitClient>(PerSecond(limits.Value.RequestsPerSecond));
            foreach (var (name, perSecond) in limits.Value.Classes)
            {
                limiter.AddPolicy(name, PerSecond(perSecond));
            }

            var perMinute = new FixedWindowRateLimiterOptions { PermitLimit = limits.Value.CredentialsPerMinute, Window = TimeSpan.FromMinutes(1), QueueLimit = 0 };
            limiter.AddPolicy(RateLimits.Credentials, context => IsPeer(context)
                ? RateLimitPartition.GetNoLimiter(RateLimitClient.Peer)
                : RateLimitPartition.GetFixedWindowLimiter(RateLimitClient.AddressOf(context), _ => perMinute));
        });
    }

    /// <summary>The class of an endpoint that has not said one.</summary>
    public static void Classify(EndpointBuilder endpoint)
    {
        if (!endpoint.Metadata.OfType<EnableRateLimitingAttribute>().Any())
        {
            endpoint.Metadata.Add(new EnableRateLimitingAttribute(
                endpoint.Metadata.OfType<IAuthorizeData>().Any(a => a.Policy == Access.Operator) ? RateLimits.Operators
                : endpoint.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods.All(m => HttpMethods.IsGet(m) || HttpMethods.IsHead(m)) == true ? RateLimits.Reads
                : RateLimits.Writes));
        }
    }

    private static Func<HttpContext, RateLimitPartition<RateLimitClient>> PerSecond(int requests)
    {
        var options = new TokenBucketRateLimiterOptions { TokenLimit = requests * 2, TokensPerPeriod = requests, ReplenishmentPeriod = TimeSpan.FromSeconds(1), QueueLimit = 0 };
        Func<RateLimitClient, TokenBucketRateLimiterOptions> bucket = _ => options;
        return context => IsPeer(context) ? RateLimitPartition.GetNoLimiter(RateLimitClient.Peer) : RateLimitPartition.GetTokenBucketLimiter(RateLimitClient.Of(context), bucket);
    }

    /// <summary>What comes from a peer was limited where it came in; all of it comes from one address.</summary>
    private static bool IsPeer(HttpContext context) => context.Features.Get<IPeerConnection>() is not null;

    private sealed class RateLimitRules : IValidateOptions<RateLimitOptions>
    {
        public ValidateOptionsResult Validate(string? name, RateLimitOptions options)
        {
            var failures = new (string Key, int? Limit)[]
            {
                (nameof(options.RequestsPerSecond), options.RequestsPerSecond), (nameof(options.ReadsPerSecond), options.ReadsPerSecond),
                (nameof(options.WritesPerSecond), options.WritesPerSecond), (nameof(options.SearchesPerSecond), options.SearchesPerSecond),
                (nameof(options.OperatorsPerSecond), options.OperatorsPerSecond), (nameof(options.CredentialsPerMinute), options.CredentialsPerMinute),
            }.Where(l => l.Limit is < 1 or > Most).Select(l => $"RateLimits:{l.Key} must be 1 to {Most}.").ToList();
            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}

/// <summary>Whose requests are counted together.</summary>
internal readonly record struct RateLimitClient(string? Subject, UInt128 Network)
{
    public static readonly RateLimitClient Peer = new(Access.Peer, 0);

    public static RateLimitClient Of(HttpContext context) => context.User.FindFirstValue("sub") is { } subject ? new(subject, 0) : AddressOf(context);

    public static RateLimitClient AddressOf(HttpContext context) => new(null, NetworkOf(context.Connection.RemoteIpAddress));

    /// <summary>An IPv4 address, or the upper half of one of IPv6; 0 where there is none, as in a test server.</summary>
    internal static UInt128 NetworkOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        if (address?.TryWriteBytes(bytes, out _) != true)
        {
            return 0;
        }

        // What came by IPv4 to a socket that takes both is the same client.
        return address.AddressFamily is AddressFamily.InterNetwork ? 0xFFFF_0000_0000UL | BinaryPrimitives.ReadUInt32BigEndian(bytes)
            : address.IsIPv4MappedToIPv6 ? BinaryPrimitives.ReadUInt128BigEndian(bytes)
            : BinaryPrimitives.ReadUInt128BigEndian(bytes) & ((UInt128)ulong.MaxValue << 64);
    }
}
