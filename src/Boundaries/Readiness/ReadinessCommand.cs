using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Readiness;

/// <summary>What <c>./shop readiness</c> asks: a module, and against which baseline. The answer is JSON.</summary>
internal static class ReadinessCommand
{
    private const string BaselineFile = "--baseline=";
    private const string Write = "--write-baseline";

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() },
    };

    /// <returns>0; 1 where rules are broken that the baseline does not have; 2 where the question is none.</returns>
    public static int Run(IReadOnlyList<string> arguments, Solution solution, TextWriter output, TextWriter errors)
    {
        try
        {
            var file = arguments.FirstOrDefault(a => a.StartsWith(BaselineFile, StringComparison.Ordinal))?[BaselineFile.Length..];
            var module = solution.Modules.FirstOrDefault(m => string.Equals(m.Name, arguments.Count == 0 ? null : arguments[0], StringComparison.OrdinalIgnoreCase))
                ?? throw new ReadinessException($"There is no module '{string.Join(' ', arguments.Take(1))}'; there are {string.Join(", ", solution.Modules.Select(m => m.Name))}.");
            var report = ReadinessReport.Of(solution, module);
            var baseline = file is null ? null : Baseline.Compare(file, report, arguments.Contains(Write, StringComparer.Ordinal));
            output.WriteLine(JsonSerializer.Serialize(report with { Baseline = baseline }, Json));
            return (baseline?.New ?? report.Findings).Count == 0 ? 0 : 1;
        }
        catch (ReadinessException e)
        {
            errors.WriteLine(e.Message);
            return 2;
        }
    }
}
