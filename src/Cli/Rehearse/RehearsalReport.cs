using ModularShop.Cli.Move;

namespace ModularShop.Cli.Rehearse;

/// <summary>What came of a rehearsal. All times are milliseconds, moments are seconds since the first phase began.</summary>
/// <param name="Attempts">Requests of the clients, each counted once however often it was repeated.</param>
/// <param name="Successes">Those that were answered as they should be.</param>
/// <param name="Stale">Reads that did not show what their client had written.</param>
/// <param name="LongestWait">Of a write.</param>
/// <param name="Differences">Rows that the last comparison found to differ.</param>
/// <param name="Violations">The first fifty of each kind, in words.</param>
internal sealed record RehearsalReport(
    string Module, string Engine, bool Passed, DateTimeOffset StartedAt, double Seconds, long Rows, int Rate, int Seed, IReadOnlyList<string> FaultKinds, int Faults,
    int Attempts, int Successes, int Failed, int Lost, int Doubled, int Stale, int Unfinished, int Repeated, int Orders, double P50, double P99, double LongestWait, long Compared, long Differences,
    IReadOnlyList<string> Violations, IReadOnlyList<PhaseFigures> Phases, IReadOnlyList<SecondFigures> Timeline, IReadOnlyList<FollowedFigures> Move, IReadOnlyList<MarkFigures> Marks,
    IReadOnlyList<Event> History)
{
    public static RehearsalReport Of(
        RehearsalPlan plan, string engine, DateTimeOffset startedAt, long rows, int orders, int faults, Recorder recorder, Report? compared, IReadOnlyList<Event> history)
    {
        var start = recorder.Marks.First().At;
        List<Sample> samples = [.. recorder.Samples.Where(s => s.Began >= start).Select(s => s with { Began = s.Began - start })];
        var marks = recorder.Marks.Select(m => m with { At = m.At - start }).ToList();
        var end = recorder.Now - start;
        var phases = marks.Where(m => !m.IsFault).ToList();
        var violations = Enum.GetValues<Violation>().ToDictionary(v => v, recorder.Count);
        return new RehearsalReport(
            plan.Module, engine, violations.Values.Sum() == 0 && samples.Count > 0 && samples.TrueForAll(s => s.IsOk), startedAt, end.TotalSeconds, rows, plan.Rate, plan.Seed,
            [.. plan.Faults.Order().Select(f => RehearseCommand.NameOf(f))], faults, samples.Count, samples.Count(s => s.IsOk), violations[Violation.Failed], violations[Violation.Lost],
            violations[Violation.Doubled], violations[Violation.Stale], violations[Violation.Unfinished], recorder.Repeated, orders, At(samples, 0.5), At(samples, 0.99),
            Longest(samples), compared?.Rows ?? 0, compared?.Tables.Sum(t => t.Differing + t.Missing + t.Extra) ?? 0, [.. recorder.Violations],
            [
                .. phases.Select((phase, i) => (phase.Text, From: phase.At, To: i + 1 < phases.Count ? phases[i + 1].At : end)).Select(p =>
                {
                    var during = samples.FindAll(s => s.Began >= p.From && s.Began < p.To);
                    return new PhaseFigures(p.Text, p.From.TotalSeconds, p.To.TotalSeconds, during.Count, during.Count(s => !s.IsOk), At(during, 0.5), At(during, 0.99), Longest(during));
                }),
            ],
            [.. EachSecond(samples, end)],
            [.. recorder.Followed.Select(f => new FollowedFigures((f.At - start).TotalSeconds, f.LagSeconds, f.Rows, f.RowsExpected, f.LogRows))],
            [.. marks.Select(m => new MarkFigures(m.At.TotalSeconds, m.Text, m.IsFault))], history);
    }

    private static IEnumerable<SecondFigures> EachSecond(List<Sample> samples, TimeSpan end)
    {
        var answered = samples.ToLookup(s => (int)(s.Began + s.Took).TotalSeconds);
        return Enumerable.Range(0, (int)end.TotalSeconds + 1).Select(second =>
        {
            List<Sample> during = [.. answered[second]];
            return new SecondFigures(
                second, during.Count(s => s.IsOk), during.Count(s => !s.IsOk), during.Count == 0 ? null : At(during, 0.5), during.Count == 0 ? null : during.Max(s => s.Took.TotalMilliseconds));
        });
    }

    private static double Longest(List<Sample> samples) => samples.Where(s => s.IsWrite).Select(s => s.Took.TotalMilliseconds).DefaultIfEmpty().Max();

    private static double At(List<Sample> samples, double quantile)
    {
        double[] sorted = [.. samples.Select(s => s.Took.TotalMilliseconds).Order()];
        return sorted.Length == 0 ? 0 : sorted[(int)(quantile * (sorted.Length - 1))];
    }
}

/// <param name="LongestWait">Of a write.</param>
internal sealed record PhaseFigures(string Name, double From, double To, int Requests, int Failed, double P50, double P99, double LongestWait);

/// <param name="P50">Null where nothing was answered; and so the slowest.</param>
internal sealed record SecondFigures(int At, int Ok, int Failed, double? P50, double? Slowest);

internal sealed record FollowedFigures(double At, double? LagSeconds, long Rows, long RowsExpected, long LogRows);

internal sealed record MarkFigures(double At, string Text, bool IsFault);
