using System.Globalization;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.Move;

/// <summary>How a move looks on a terminal.</summary>
internal static class MovePages
{
    /// <summary>The shop counts no further.</summary>
    private const long MostCounted = 100_000;

    public static void Show(MoveStatus move, Output output)
    {
        output.Line($"{move.Module}: {StateOf(move.State)}{(move.IsPaused ? ", paused" : "")}; the service's data is {move.Service}");
        output.Line($"  to        {move.Target}");
        output.Line($"  since     {Time(move.ChangedAt)}, begun {Time(move.CreatedAt)} by {People.NameOf(move.CreatedBy)}");
        if (move.Percent is { } percent)
        {
            var eta = move.EtaSeconds is { } seconds ? $", about {TimeSpan.FromSeconds(Math.Ceiling(seconds)):g} to go" : "";
            var limit = move.RowsPerSecondLimit is { } most ? $" (at most {Number(most)})" : "";
            output.Line($"  copied    {Number(move.Rows)} of {Number(move.RowsExpected)} rows, {Invariant($"{percent:0}")} %, {Number((long)move.RowsPerSecond)} rows/s{limit}{eta}");
        }

        if (!move.IsOver)
        {
            output.Line($"  changes   {Number(move.LogRows)}{(move.LogRows >= MostCounted ? " or more" : "")} to carry over{(move.LagSeconds is { } lag ? $"; equal {Invariant($"{lag:0.0}")} s ago" : "")}");
        }

        if (move.Comparing is { } comparing)
        {
            output.Line($"  comparing {comparing.Table}, {Number(comparing.Rows)} rows so far");
        }

        if (move.VDiff is { } report)
        {
            output.Line($"  vdiff     {(report.IsClean ? $"clean: {Number(report.Rows)} rows are equal" : "DIFFERENCES")}, ended {Time(report.EndedAt)}");
            ShowDifferences(report, output);
        }

        if (move.WaitsFor.Length > 0)
        {
            output.Line($"  now       {move.WaitsFor}");
        }

        if (move.Trouble is { } trouble)
        {
            output.Alarm($"  trouble   {trouble}");
        }

        if (move.Next.Count > 0)
        {
            output.Line($"  next      {string.Join(", ", move.Next)}");
        }
    }

    public static void Show(MoveList list, Output output)
    {
        output.Table(
            ["Module", "State", "Service", "Rows", "To carry over", "Lag s", "Compared", "Trouble"],
            list.Moves.Select(m => new[]
            {
                m.Module, StateOf(m.State), m.Service, Number(m.Rows), Number(m.LogRows), m.LagSeconds is { } lag ? Invariant($"{lag:0.0}") : "",
                m.VDiff is null ? "" : m.VDiff.IsClean ? "clean" : "DIFFERENCES", m.Trouble ?? "",
            }));
        foreach (var unread in list.Unread)
        {
            output.Alarm($"{unread.Module}: not known. {unread.Reason}");
        }
    }

    public static void Show(IReadOnlyList<Event> history, Output output)
    {
        foreach (var line in history)
        {
            output.Line($"{Time(line.At)}  {StateOf(line.State),-14}  {People.NameOf(line.By)}: {line.What}{(line.Evidence is { Length: <= 400 } evidence ? $"  {evidence}" : "")}");
        }
    }

    public static void Show(Plan plan, bool statements, Output output)
    {
        output.Line($"{plan.Module} to {plan.Target}:");
        foreach (var check in plan.Checks)
        {
            if (check.Problem is null)
            {
                output.Line($"  ok  {check.What}");
            }
            else
            {
                output.Alarm($"  NO  {check.What}: {check.Problem}");
            }
        }

        if (statements)
        {
            output.Line();
            output.Line("Would be executed:");
            foreach (var statement in plan.Statements)
            {
                output.Line($"{statement};");
            }
        }
    }

    private static void ShowDifferences(Report report, Output output)
    {
        foreach (var table in report.Tables.Where(t => t.Samples.Count > 0))
        {
            output.Alarm($"            {table.Table}: {Number(table.Differing)} differ, {Number(table.Missing)} missing, {Number(table.Extra)} too many");
            foreach (var sample in table.Samples)
            {
                output.Line($"              {sample.Key}: {sample.Text}");
            }
        }
    }

    /// <summary>In a few words.</summary>
    public static string WhatGoesOn(MoveStatus move) => move switch
    {
        { Comparing: { } comparing } => $"comparing {comparing.Table}, {comparing.Rows} rows",
        { IsEnding: true } => $"{StateOf(move.State)}, {move.WaitsFor}",
        _ => $"{StateOf(move.State)}, {move.Rows} of {move.RowsExpected} rows, {move.LogRows} changes to carry over",
    };

    /// <summary>As the documentation writes it.</summary>
    public static string StateOf(string state) => state.Length == 0 ? state : char.ToUpperInvariant(state[0]) + state[1..];

    private static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
