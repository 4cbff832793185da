using System.Globalization;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Readiness;

/// <summary>A module's readiness, for a person.</summary>
internal static class ReportPage
{
    public static void Show(Report report, Output output)
    {
        output.Line($"{report.Module}: {report.Score} of 100");
        if (report.Lost.Count > 0)
        {
            output.Line();
            output.Table(["Points", "Lost for", "What helps"], report.Lost.Select(l => new[] { $"-{l.Points}", l.Reason, l.Page }));
        }

        var size = report.Size;
        output.Line();
        output.Line(string.Create(CultureInfo.InvariantCulture, $"What leaves: {size.Types} types in {size.Lines:N0} lines, {size.Tables} tables, {size.Endpoints} endpoints."));
        Columns(output, report.Tables);
        Requests(output, "Asked by, within a request: over the network, once it has left", report.AskedBy);
        Requests(output, "Asks, within a request: over the network, once it has left", report.Asks);
        Messages(output, "Publishes", "To", report.Publishes);
        Messages(output, "Handles", "From", report.Handles);
        foreach (var rule in report.Broken.GroupBy(f => f.Sentence, StringComparer.Ordinal))
        {
            output.Line();
            output.Alarm(rule.Key);
            output.Line($"See {rule.First().Page}");
            foreach (var finding in rule)
            {
                output.Line($"  {finding.Where}");
                output.Line($"    {finding.What}");
                output.Line($"    Instead: {finding.Instead}");
            }
        }

        output.Line();
        if (report.Baseline is { } baseline)
        {
            Compared(output, baseline);
        }
        else if (report.Findings.Count == 0)
        {
            output.Line("It breaks no rule, and nobody reaches into it.");
        }
    }

    private static void Compared(Output output, Baseline baseline)
    {
        output.Line($"Baseline {baseline.File}: {baseline.Known} known, {baseline.New.Count} new, {baseline.Mended.Count} mended.");
        foreach (var mended in baseline.Mended)
        {
            output.Line($"  mended: {mended.Where}: {mended.What}");
        }

        output.Line(baseline.IsWritten ? "Written: put it under version control."
            : baseline.Mended.Count > 0 ? "Take what is mended out of it with --write-baseline: it comes back no more."
            : "It is as it was.");
    }

    private static void Requests(Output output, string title, IReadOnlyList<Dependency> requests)
    {
        output.Line();
        output.Line($"{title}:");
        output.Table(["Module", "Request", "Questions"], requests.Select(r => new[] { r.Module, r.Request, string.Join(", ", r.Questions) }));
    }

    private static void Messages(Output output, string title, string with, IReadOnlyList<MessageUse> messages)
    {
        output.Line();
        output.Line($"{title}:");
        output.Table(["Message", with], messages.Select(m => new[] { m.Message, m.With.Count == 0 ? "nobody else" : string.Join(", ", m.With) }));
    }

    /// <summary>Names behind each other, as many to a line as fit.</summary>
    private static void Columns(Output output, IReadOnlyList<string> names)
    {
        var line = " ";
        foreach (var name in names)
        {
            if (line.Length + name.Length > 96)
            {
                output.Line(line);
                line = " ";
            }

            line += $" {name}";
        }

        if (line.Trim().Length > 0)
        {
            output.Line(line);
        }
    }
}
