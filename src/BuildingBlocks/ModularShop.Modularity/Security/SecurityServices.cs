using System.Globalization;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Security;

/// <summary>Section <c>RateLimits</c>: requests per client and window.</summary>
public sealed record RateLimitOptions
{
    /// <summary>Requests per second and client (customer, else address), 1 to 1,000,000; bursts of twice that.</summary>
    public int RequestsPerSecond { get; init; } = 200;

    /// <summary>Attempts with credentials per minute and address, 1 to 1,000,000.</summary>
    public int CredentialsPerMinute { get; init; } = 20;
}

internal static class SecurityServices
{
    public static void AddShopSecurity(this IServiceCollection services)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<ITokenKeys, TimeProvider>((options, keys, time) =>
            {
                options.MapInboundClaims = false;
                options.TimeProvider = time;
                if (keys is PublishedTokenKeys published)
                {
                    options.Events = new JwtBearerEvents { OnMessageReceived = context => published.LookUpAsync(context.Request) };
                }

                options.TokenValidationParameters = new TokenValidationParameters
                {
                    ValidIssuer = Access.Issuer,
                    ValidAudience = Access.Audience,
                    ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
                    IssuerSigningKeyResolver = (_, _, _, _) => keys.Current,
                    RoleClaimType = "role",
                    NameClaimType = "sub",
                    LifetimeValidator = (notBefore, expires, _, _) => time.GetUtcNow() is var now
                        && expires is { } end && now.UtcDateTime < end && (notBefore is not { } start || now.UtcDateTime >= start.AddSeconds(-30)),
                };
            });
        services.TryAddSingleton<ITokenKeys, NoTokenKeys>();
        services.AddAuthorizationBuilder()
            // Denies every endpoint that says nothing; where no route matched there is nothing to deny, and 404 or 405 answers.
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(c => c.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint).Build())
            .AddPolicy(Access.Customer, policy => policy.RequireRole(Access.Customer))
            .AddPolicy(Access.Operator, policy => policy.RequireRole(Access.Operator))
            .AddPolicy(Access.Peer, policy => policy.RequireAssertion(c => c.Resource is HttpContext http && IsPeer(http)));

        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits").ValidateOnStart()
            .Validate(o => o.RequestsPerSecond is >= 1 and <= 1_000_000, "RateLimits:RequestsPerSecond must be 1 to 1000000.")
            .Validate(o => o.CredentialsPerMinute is >= 1 and <= 1_000_000, "RateLimits:CredentialsPerMinute must be 1 to 1000000.");
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
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => IsPeer(context)
                ? RateLimitPartition.GetNoLimiter(Access.Peer)
                : RateLimitPartition.GetTokenBucketLimiter(ClientOf(context), _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = limits.Value.RequestsPerSecond * 2,
                    TokensPerPeriod = limits.Value.RequestsPerSecond,
                    ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                    QueueLimit = 0,
                }));
            limiter.AddPolicy(RateLimits.Credentials, context => IsPeer(context)
                ? RateLimitPartition.GetNoLimiter(Access.Peer)
                : RateLimitPartition.GetFixedWindowLimiter(AddressOf(context), _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = limits.Value.CredentialsPerMinute,
                    Window = TimeSpan.FromMinutes(1),
                    QueueLimit = 0,
                }));
        });
    }

    /// <summary>What comes from a peer was limited where it came in; all of it comes from one address.</summary>
    private static bool IsPeer(HttpContext context) => context.Features.Get<IPeerConnection>() is not null;

    private static string ClientOf(HttpContext context) => context.User.FindFirstValue("sub") ?? AddressOf(context);

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "local";
}
