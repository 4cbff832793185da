using System.Text.Json;

namespace ModularShop.Boundaries.Readiness;

/// <summary>What was found, held against what a team has agreed to mend later.</summary>
/// <param name="New">Not in the file.</param>
/// <param name="Mended">In the file, and found no more.</param>
/// <param name="IsWritten">Whether the file says now what is left of it.</param>
internal sealed record BaselineComparison(string File, int Known, IReadOnlyList<Finding> New, IReadOnlyList<KnownViolation> Mended, bool IsWritten);

/// <summary>A violation by what stays the same while code around it is edited.</summary>
internal sealed record KnownViolation(string Rule, string Where, string What)
{
    public static KnownViolation Of(Finding finding) => new(finding.Rule, finding.Where, finding.What);
}

/// <summary>
/// The violations of a module that a team begins with. A file that is not there begins with what is found; one that is there
/// only ever shrinks: what is new is mended, or written into it by a person.
/// </summary>
internal sealed record Baseline(string Module, IReadOnlyList<KnownViolation> Violations)
{
    /// <exception cref="ReadinessException">The file is not there, is none, or is another module's.</exception>
    public static BaselineComparison Compare(string file, ReadinessReport report, bool write)
    {
        var isNew = write && !File.Exists(file);
        var found = report.Findings.Select(KnownViolation.Of).Distinct().ToList();
        var known = (isNew ? found : Read(file, report.Module)).ToHashSet();
        var mended = known.Except(found).ToList();
        var isWritten = isNew || (write && mended.Count > 0);
        if (isWritten)
        {
            Write(file, new Baseline(report.Module, [.. found.Where(known.Contains)]));
        }

        return new BaselineComparison(file, found.Count(known.Contains), [.. report.Findings.Where(f => !known.Contains(KnownViolation.Of(f)))], mended, isWritten);
    }

    private static IReadOnlyList<KnownViolation> Read(string file, string module)
    {
        try
        {
            var baseline = JsonSerializer.Deserialize<Baseline>(File.ReadAllText(file), ReadinessCommand.Json);
            return baseline is not { Module: not null, Violations: not null } ? throw new JsonException("it has no 'module' or no 'violations'.")
                : baseline.Module == module ? baseline.Violations
                : throw new ReadinessException($"{file} is the baseline of {baseline.Module}, not of {module}: each module has its own.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ReadinessException($"There is no baseline {file}: --write-baseline begins one with the violations there are.");
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new ReadinessException($"{file} cannot be read as a baseline: {e.Message} Take it from version control, or delete it and begin again with --write-baseline.");
        }
    }

    /// <summary>Whole or not at all.</summary>
    private static void Write(string file, Baseline baseline)
    {
        try
        {
            var draft = $"{file}.draft";
            File.WriteAllText(draft, JsonSerializer.Serialize(baseline, ReadinessCommand.Json) + "\n");
            File.Move(draft, file, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ReadinessException($"{file} cannot be written: {e.Message} Name a file in a folder that is there and is yours.");
        }
    }
}

/// <summary>What was asked for cannot be answered; the message says why, and what to do.</summary>
internal sealed class ReadinessException(string message) : Exception(message);
