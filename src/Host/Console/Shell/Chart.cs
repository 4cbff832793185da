namespace ModularShop.Host.Console;

/// <summary>Values over time, of one unit.</summary>
/// <param name="Id">Of this page's charts the only one with it.</param>
/// <param name="Times">The end of each point's time; each line has a value for each, or null where there is none.</param>
public sealed record Chart(string Id, string Title, string Unit, IReadOnlyList<DateTimeOffset> Times, IReadOnlyList<ChartLine> Lines)
{
    /// <summary>Points that are so many times as far apart as is usual have something between them that nobody has seen.</summary>
    private const int Wide = 4;

    private readonly TimeSpan _widest = WidestOf(Times);

    public bool IsEmpty => Times.Count < 2 || Lines.All(l => l.Values.All(v => v is null));

    /// <summary>Where a point is on the axis of time, 0 to 1.</summary>
    public double Place(int point) => Times[^1] > Times[0] ? (Times[point] - Times[0]) / (Times[^1] - Times[0]) : 0;

    /// <summary>A line does not go on from the point before to this one.</summary>
    public bool IsBehindGap(int point) => point > 0 && Times[point] - Times[point - 1] > _widest;

    private static TimeSpan WidestOf(IReadOnlyList<DateTimeOffset> times)
    {
        var steps = times.Zip(times.Skip(1), (one, next) => next - one).Order().ToList();
        return steps.Count == 0 ? TimeSpan.Zero : Wide * steps[steps.Count / 2];
    }
}

/// <param name="Look">A class of the style sheet: <c>one</c> to <c>three</c>, or <c>limit</c>.</param>
public sealed record ChartLine(string Name, string Look, IReadOnlyList<double?> Values);

/// <summary>An axis from 0 to a round number above the greatest value.</summary>
public sealed record ChartScale(double Top, double Step)
{
    public static ChartScale Of(IEnumerable<double?> values)
    {
        // Below that, marks would look alike.
        var greatest = values.Max() is > 0 and var most ? Math.Max(most, 0.04) : 1;
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(greatest / 4)));
        var step = new[] { 1, 2, 2.5, 5, 10 }.First(s => s * magnitude * 4 >= greatest - 1e-12) * magnitude;
        return new ChartScale(Math.Ceiling((greatest / step) - 1e-9) * step, step);
    }

    public IEnumerable<double> Marks => Enumerable.Range(0, (int)Math.Round(Top / Step) + 1).Select(i => i * Step);
}
