using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Security;

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

        services.AddRateLimits();
    }

    /// <summary>Tokens are checked with keys that another deployable publishes.</summary>
    public static void AddPublishedTokenKeys(this IServiceCollection services, IHealthChecksBuilder health)
    {
        services.AddSingleton<PublishedTokenKeys>();
        services.AddSingleton<ITokenKeys>(p => p.GetRequiredService<PublishedTokenKeys>());
        services.AddHostedService(p => p.GetRequiredService<PublishedTokenKeys>());
        health.Add(new HealthCheckRegistration("token keys", p => p.GetRequiredService<PublishedTokenKeys>(), failureStatus: null, tags: ["ready"]));
    }

    private static bool IsPeer(HttpContext context) => context.Features.Get<IPeerConnection>() is not null;
}
