using System.Globalization;

namespace ModularShop.Host.Console;

/// <summary>How the console writes numbers and times: alike everywhere, whatever the machine's language.</summary>
internal static class Shown
{
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>For machines.</summary>
    public static string Exact(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Three digits or so: <c>0.12</c>, <c>3.4</c>, <c>12,345</c>.</summary>
    public static string Number(double number) => number.ToString(
        Math.Abs(number) switch { 0 => "0", < 1 => "0.##", < 100 => "0.#", _ => "#,0" }, CultureInfo.InvariantCulture);

    public static string Number(double? number) => number is { } known ? Number(known) : "–";

    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Percent(double percent) => $"{Number(percent)} %";

    /// <summary><c>3.2 s</c>, <c>4 min</c>, <c>2.5 h</c>.</summary>
    public static string Span(double seconds) => seconds switch
    {
        < 1 => $"{Number(Math.Round(seconds * 1000))} ms",
        < 90 => $"{Number(seconds)} s",
        < 5400 => $"{Number(seconds / 60)} min",
        _ => $"{Number(seconds / 3600)} h",
    };

    public static string Plain(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A name without the id that histories keep beside it.</summary>
    public static string Who(string by) => by.IndexOf(" (", StringComparison.Ordinal) is > 0 and var at ? by[..at] : by;

    public static string Plural(long count, string one) => $"{Number(count)} {(count == 1 ? one : one + "s")}";
}
