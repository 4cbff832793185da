using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Examinations;

/// <summary>Values that are out of range, and settings that nobody reads: most of them are a typing error.</summary>
internal sealed class ConfigurationExamination(IConfiguration configuration, IEnumerable<KnownSection> sections, ModuleRegistry modules, IServiceProvider services) : IExamination
{
    /// <summary>What is read without options, by the framework or here.</summary>
    private static readonly HashSet<string> ReadOtherwise = new(StringComparer.OrdinalIgnoreCase)
    {
        "AllowedHosts", "ConfigurationFiles", "Demo", "DetailedErrors", "Docs", "EndWithInput", "HostOptions", "http_ports", "https_ports", "Kestrel", "Logging", "Telemetry", "Urls",
    };

    public string About => "configuration";

    public Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        var findings = Values().Concat(Unread()).ToList();
        return Task.FromResult<IReadOnlyList<Finding>>(findings.Count > 0 ? findings : [Finding.Ok(About, "Every value is in its range, and every setting is read.")]);
    }

    private IEnumerable<Finding> Values()
    {
        try
        {
            ((IStartupValidator?)services.GetService(typeof(IStartupValidator)))?.Validate();
            return [];
        }
        catch (Exception e) when (StartFailure.LineFor(e) is { } line)
        {
            return [Finding.Problem(About, line)];
        }
    }

    private IEnumerable<Finding> Unread()
    {
        var known = sections.ToList();
        var tops = known.Select(s => TopOf(s.Path)).Concat(ReadOtherwise).Concat(modules.Modules.Select(m => m.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // The environment has more than settings; a file has nothing else.
        var files = ((IConfigurationRoot)configuration).Providers.OfType<JsonConfigurationProvider>().SelectMany(p => p.GetChildKeys([], null)).Distinct(StringComparer.OrdinalIgnoreCase);
        return files.Where(top => !tops.Contains(top)).Select(top => Finding.Warning(About, $"Nobody reads {top}.", "correct its name, or delete it."))
            .Concat(configuration.AsEnumerable().Where(s => s.Value is not null).Select(s => s.Key).Order(StringComparer.OrdinalIgnoreCase)
                .Select(key => (Key: key, Problem: ProblemOf(key, known))).Where(s => s.Problem is not null)
                .Select(s => Finding.Warning(About, $"Nobody reads {s.Key}: {s.Problem}", "correct its name, or delete it.")));
    }

    private string? ProblemOf(string key, List<KnownSection> known)
    {
        if (known.Where(s => key.StartsWith($"{s.Path}:", StringComparison.OrdinalIgnoreCase)).ToList() is { Count: > 0 } inSections)
        {
            // Sections lie in one another: who reads it at all reads it.
            var problems = inSections.OrderByDescending(s => s.Path.Length).Select(s => s.ProblemOf(key[(s.Path.Length + 1)..])).ToList();
            return problems.Contains(null) || IsJob(key) ? null : problems[0];
        }

        return modules.Modules.FirstOrDefault(m => key.StartsWith($"{m.Name}:", StringComparison.OrdinalIgnoreCase)) is not { } module || IsJob(key) ? null
            : $"{module.Name} has {string.Join(", ", known.Select(s => s.Path).Where(p => p.StartsWith($"{module.Name}:", StringComparison.OrdinalIgnoreCase)).Select(p => p[(module.Name.Length + 1)..]).Append("Jobs"))}.";
    }

    private bool IsJob(string key) => modules.Modules.Any(m => key.StartsWith($"{m.Name}:Jobs:", StringComparison.OrdinalIgnoreCase));

    private static string TopOf(string path) => path.Split(':')[0];
}
