using System.Text;
using static ModularShop.Cli.Rehearse.Chart;

namespace ModularShop.Cli.Rehearse;

/// <summary>The report of a rehearsal as one page that needs nothing else.</summary>
internal static class ReportPage
{
    private const string Style = """
        :root { color-scheme: light dark; --ground: #fff; --text: #1c2430; --faint: #5d6878; --line: #d7dde5; --a: #1769aa; --b: #b4541a; --c: #2e7d32; --bad: #b3261e; --p0: #f1f4f8; --p1: #e6ebf2; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14181e; --text: #e6eaf0; --faint: #9aa5b4; --line: #333c48; --a: #6db3f2; --b: #f0a06a; --c: #7fcf84; --bad: #ff8a80; --p0: #1b212a; --p1: #222a35; } }
        body { font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground); max-width: 1040px; margin: 2rem auto; padding: 0 1rem; }
        h1 { margin: 0; } .verdict { font-size: 1.4rem; font-weight: 600; } .passed { color: var(--c); } .violated { color: var(--bad); }
        dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: .5rem 1.5rem; } dt { color: var(--faint); font-size: .85rem; } dd { margin: 0; font-size: 1.25rem; font-variant-numeric: tabular-nums; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; } th, td { text-align: right; padding: .25rem .6rem; border-bottom: 1px solid var(--line); } th { color: var(--faint); font-weight: 600; }
        td.left, th.left { text-align: left; overflow-wrap: anywhere; } figure { margin: 1.2rem 0; } figcaption { color: var(--faint); font-size: .9rem; } svg { width: 100%; height: auto; display: block; }
        .key::before { content: "— "; font-weight: 700; } .key { margin-left: .6rem; } .key.a { color: var(--a); } .key.b { color: var(--b); } .key.c { color: var(--c); } .key.bad { color: var(--bad); }
        .phase0 { fill: var(--p0); } .phase1 { fill: var(--p1); } .grid { stroke: var(--line); } .fault { stroke: var(--bad); stroke-dasharray: 3 3; stroke-width: 2; }
        .line { fill: none; stroke-width: 2; } .line.a { stroke: var(--a); } .line.b { stroke: var(--b); } .line.c { stroke: var(--c); } .line.bad { stroke: var(--bad); }
        text { fill: var(--faint); font: 12px system-ui, sans-serif; } text.value { text-anchor: end; } text.time, text.phase { text-anchor: middle; }
        """;

    public static string Of(RehearsalReport report)
    {
        var page = new StringBuilder();
        page.Append(Text($"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Rehearsal of {Safe(report.Module)}</title><style>{Style}</style></head><body>
            <h1>Rehearsal: {Safe(report.Module)} leaves the monolith</h1>
            <p>{report.StartedAt:yyyy-MM-dd HH:mm} UTC, {report.Engine}, {report.Rows:N0} rows, {report.Rate} requests/s wanted, faults: {(report.FaultKinds.Count == 0 ? "none" : string.Join(", ", report.FaultKinds))} (seed {report.Seed}).</p>
            <p class="verdict {(report.Passed ? "passed" : "violated")}">{(report.Passed ? "Passed: attempts = successes, nothing lost, nothing doubled." : "VIOLATED: see below.")}</p>
            <dl>{Figures(report)}</dl>
            """));
        if (report.Violations.Count > 0)
        {
            page.Append(Text($"<h2>Violations</h2><ul>{string.Concat(report.Violations.Select(v => $"<li>{Safe(v)}</li>"))}</ul>"));
        }

        var (all, phases, marks) = (report.Timeline, report.Phases, report.Marks);
        page.Append("<h2>Over time</h2><p>Grounds are the phases below, dashed lines the faults; hold the pointer on one.</p>");
        page.Append(Of("Requests answered", "per second", new Series("as they should be", "c", [.. all.Select(s => ((double)s.At, (double)s.Ok))]), new Series("failed", "bad", [.. all.Select(s => ((double)s.At, (double)s.Failed))])));
        page.Append(Of("Time of a request", "ms", new Series("median", "a", [.. all.Where(s => s.P50 is not null).Select(s => ((double)s.At, s.P50!.Value))]), new Series("slowest", "b", [.. all.Where(s => s.Slowest is not null).Select(s => ((double)s.At, s.Slowest!.Value))])));
        page.Append(Of("How far the database that follows was behind", "s", new Series("lag", "a", [.. report.Move.Where(m => m.LagSeconds is not null).Select(m => (m.At, m.LagSeconds!.Value))])));
        page.Append(Of("Rows copied", "rows", new Series("copied", "a", [.. report.Move.Where(m => m.RowsExpected > 0).Select(m => (m.At, (double)m.Rows))]), new Series("changes to carry over", "b", [.. report.Move.Select(m => (m.At, (double)m.LogRows))])));
        page.Append("<h2>Phases</h2><table><tr><th>#</th><th class=\"left\">Phase</th><th>from s</th><th>requests</th><th>failed</th><th>p50 ms</th><th>p99 ms</th><th>longest write ms</th></tr>");
        for (var i = 0; i < phases.Count; i++)
        {
            var p = phases[i];
            page.Append(Text($"<tr><td>{i + 1}</td><td class=\"left\">{Safe(p.Name)}</td><td>{p.From:0.0}</td><td>{p.Requests:N0}</td><td>{p.Failed}</td><td>{p.P50:N0}</td><td>{p.P99:N0}</td><td>{p.LongestWait:N0}</td></tr>"));
        }

        page.Append(Text($"</table><h2>Faults</h2><ol>{string.Concat(marks.Where(m => m.IsFault).Select(m => Text($"<li>{m.At:0.0} s: {Safe(m.Text)}</li>")))}</ol>"));
        page.Append("<h2>History of the move</h2><table><tr><th class=\"left\">At</th><th class=\"left\">State</th><th class=\"left\">What</th></tr>");
        foreach (var step in report.History)
        {
            page.Append(Text($"<tr><td class=\"left\">{step.At:HH:mm:ss.f}</td><td class=\"left\">{Safe(step.State)}</td><td class=\"left\">{Safe(step.What)}</td></tr>"));
        }

        return page.Append("</table></body></html>").ToString();

        string Of(string title, string unit, params IReadOnlyList<Series> series) => Chart.Of(title, unit, report.Seconds, phases, marks, series);
    }

    private static string Figures(RehearsalReport r) => string.Concat(new (string Name, FormattableString Value)[]
    {
        ("attempts", $"{r.Attempts:N0}"), ("successes", $"{r.Successes:N0}"), ("failed", $"{r.Failed:N0}"), ("lost", $"{r.Lost:N0}"), ("doubled", $"{r.Doubled:N0}"), ("stale reads", $"{r.Stale:N0}"),
        ("unfinished steps", $"{r.Unfinished:N0}"), ("orders", $"{r.Orders:N0}"), ("rows compared", $"{r.Compared:N0}"), ("rows that differ", $"{r.Differences:N0}"), ("longest wait of a write", $"{r.LongestWait:N0} ms"),
        ("median", $"{r.P50:N0} ms"), ("99th percentile", $"{r.P99:N0} ms"), ("faults", $"{r.Faults:N0}"), ("repeated by clients", $"{r.Repeated:N0}"), ("took", $"{r.Seconds:N0} s"),
    }.Select(f => $"<div><dt>{f.Name}</dt><dd>{Text(f.Value)}</dd></div>"));
}
