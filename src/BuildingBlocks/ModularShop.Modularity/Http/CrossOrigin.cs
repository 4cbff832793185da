using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Modularity.Http;

/// <summary>Section <c>Cors</c>: which pages of other origins may call the API from a browser; by default none.</summary>
public sealed record CrossOriginOptions
{
    /// <summary>Such as <c>https://shop.example</c>: scheme, host, and port where it is not the scheme's. <c>*</c> alone is every origin.</summary>
    public IReadOnlyList<string> Origins { get; init; } = [];

    /// <summary>Whether their browsers may send cookies along. Not with <c>*</c>.</summary>
    public bool Credentials { get; init; }
}

internal static class CrossOriginServices
{
    private const string Every = "*";

    /// <summary>What a page may read of an answer beside its body.</summary>
    private static readonly string[] Readable = ["ETag", "Location", "Retry-After", "X-Answered-By", "X-Fallback"];

    public static void AddCrossOrigin(this IServiceCollection services)
    {
        services.AddSettings<CrossOriginOptions>("Cors");
        services.AddSingleton<IValidateOptions<CrossOriginOptions>, Rules>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<CrossOriginOptions>>((cors, options) => cors.AddDefaultPolicy(policy =>
        {
            var allowed = options.Value;
            policy.WithOrigins([.. allowed.Origins]).AllowAnyHeader().AllowAnyMethod().WithExposedHeaders(Readable).SetPreflightMaxAge(TimeSpan.FromMinutes(10));
            if (allowed.Credentials)
            {
                policy.AllowCredentials();
            }
        }));
    }

    private sealed class Rules : IValidateOptions<CrossOriginOptions>
    {
        public ValidateOptionsResult Validate(string? name, CrossOriginOptions options)
        {
            var failures = options.Origins.Select((origin, i) => (Key: $"Cors:Origins:{i}", Origin: origin)).Where(o => !IsOrigin(o.Origin))
                .Select(o => $"{o.Key} is '{o.Origin}'; it must be an origin such as https://shop.example: scheme, host and port, no path.").ToList();
            if (options.Origins.Contains(Every, StringComparer.Ordinal) && (options.Credentials || options.Origins.Count > 1))
            {
                failures.Add("Cors:Origins has '*', which stands alone and without Cors:Credentials: name the origins that are meant.");
            }

            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }

        private static bool IsOrigin(string origin) => origin == Every
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
                && uri.GetLeftPart(UriPartial.Authority) == origin && uri.UserInfo.Length == 0);
    }
}
