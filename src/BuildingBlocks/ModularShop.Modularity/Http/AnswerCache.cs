using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Modularity.Http;

/// <summary>Section <c>AnswerCache</c>: how long, and how many, answers that are the same for everybody are kept.</summary>
public sealed record AnswerCacheOptions
{
    /// <summary>
    /// Seconds, 0 to 60, after which a kept answer is made anew though nothing has changed here; 0 keeps none. As long as
    /// that, and no longer, an answer may lack what another process has committed.
    /// </summary>
    public double MaxAgeSeconds { get; init; } = 5;

    /// <summary>Megabytes, 1 to 1024, that all kept answers hold together.</summary>
    public int Megabytes { get; init; } = 32;

    /// <summary>Kilobytes, 1 to 1024, of an answer; longer ones are not kept.</summary>
    public int LongestKilobytes { get; init; } = 256;
}

/// <summary>What a request needs to know of the kept answers of this process.</summary>
internal sealed class AnswerCache(AnswerVersions versions, Ownerships ownerships, IOptions<AnswerCacheOptions> options)
{
    public AnswerVersions Versions => versions;

    public Ownerships Ownerships => ownerships;

    public TimeSpan MaxAge { get; } = TimeSpan.FromSeconds(options.Value.MaxAgeSeconds);
}

internal static class AnswerCacheServices
{
    public static void AddAnswerCache(this IServiceCollection services)
    {
        services.AddSettings<AnswerCacheOptions>("AnswerCache")
            .Validate(o => o.MaxAgeSeconds is >= 0 and <= 60, "AnswerCache:MaxAgeSeconds must be 0 to 60.")
            .Validate(o => o.Megabytes is >= 1 and <= 1024, "AnswerCache:Megabytes must be 1 to 1024.")
            .Validate(o => o.LongestKilobytes is >= 1 and <= 1024, "AnswerCache:LongestKilobytes must be 1 to 1024.");
        services.TryAddSingleton<AnswerVersions>();
        services.AddSingleton<AnswerCache>();
        services.AddOutputCache();
        services.AddOptions<OutputCacheOptions>().Configure<IOptions<AnswerCacheOptions>>((cache, answers) =>
        {
            cache.SizeLimit = answers.Value.Megabytes * 1024L * 1024L;
            cache.MaximumBodySize = answers.Value.LongestKilobytes * 1024L;
        });
    }
}
