using System.Globalization;
using System.Net;
using System.Text;

namespace ModularShop.Cli.Rehearse;

/// <param name="Colour">Of the style sheet.</param>
internal sealed record Series(string Name, string Colour, IReadOnlyList<(double At, double Value)> Points);

/// <summary>Lines over the time of a rehearsal, as SVG: phases as grounds, faults as strokes.</summary>
internal static class Chart
{
    private const double Width = 1000;
    private const double Height = 220;
    private const double Left = 60;
    private const double Right = 990;
    private const double Top = 12;
    private const double Bottom = 190;
    private const int Lines = 4;

    /// <param name="unit">Of the values, such as <c>ms</c>.</param>
    public static string Of(string title, string unit, double seconds, IReadOnlyList<PhaseFigures> phases, IReadOnlyList<MarkFigures> marks, params IReadOnlyList<Series> series)
    {
        var most = Ceiling(series.SelectMany(s => s.Points).Select(p => p.Value).DefaultIfEmpty().Max());
        var svg = new StringBuilder();
        svg.Append(Text($"<figure><figcaption>{title}, {unit}: {string.Join(" ", series.Select(s => $"<span class=\"key {s.Colour}\">{s.Name}</span>"))}</figcaption>"));
        svg.Append(Text($"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">"));
        for (var i = 0; i < phases.Count; i++)
        {
            var (from, to) = (X(phases[i].From), X(phases[i].To));
            svg.Append(Text($"<rect class=\"phase{i % 2}\" x=\"{from:0.0}\" y=\"{Top}\" width=\"{Math.Max(to - from, 0):0.0}\" height=\"{Bottom - Top}\"><title>{Safe(phases[i].Name)}</title></rect>"));
            svg.Append(Text($"<text class=\"phase\" x=\"{(from + to) / 2:0.0}\" y=\"{Bottom - 4}\">{i + 1}</text>"));
        }

        for (var i = 0; i <= Lines; i++)
        {
            var value = most * i / Lines;
            svg.Append(Text($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Right}\" y1=\"{Y(value):0.0}\" y2=\"{Y(value):0.0}\"/><text class=\"value\" x=\"{Left - 6}\" y=\"{Y(value) + 4:0.0}\">{value:#,0.##}</text>"));
        }

        var step = Math.Max(Ceiling(seconds / 8), 1);
        for (var at = 0d; at <= seconds; at += step)
        {
            svg.Append(Text($"<text class=\"time\" x=\"{X(at):0.0}\" y=\"{Bottom + 16}\">{at:0} s</text>"));
        }

        foreach (var mark in marks.Where(m => m.IsFault))
        {
            svg.Append(Text($"<line class=\"fault\" x1=\"{X(mark.At):0.0}\" x2=\"{X(mark.At):0.0}\" y1=\"{Top}\" y2=\"{Bottom}\"><title>{mark.At:0.0} s: {Safe(mark.Text)}</title></line>"));
        }

        foreach (var line in series)
        {
            svg.Append(Text($"<polyline class=\"line {line.Colour}\" points=\"{string.Join(' ', line.Points.Select(p => Text($"{X(p.At):0.0},{Y(p.Value):0.0}")))}\"/>"));
        }

        return svg.Append("</svg></figure>").ToString();

        double X(double at) => Left + ((Right - Left) * at / Math.Max(seconds, 1));
        double Y(double value) => Bottom - ((Bottom - Top) * value / most);
    }

    public static string Safe(string text) => WebUtility.HtmlEncode(text);

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The next of 1, 2, 2.5, 5 and 10, times a power of ten.</summary>
    private static double Ceiling(double value)
    {
        if (value <= 0)
        {
            return 1;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return power * new[] { 1, 2, 2.5, 5, 10 }.First(step => value <= power * step * 1.000001);
    }
}
