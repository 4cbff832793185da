namespace ModularShop.Messaging;

/// <summary>
/// An interval as the cron expression with seconds that comes next to it. Cron knows times of day, not intervals: what
/// does not divide the next greater unit is rounded down to what does, as a run too many finds nothing to do.
/// </summary>
internal static class HangfireCron
{
    public static string Of(TimeSpan every) => every switch
    {
        { TotalMinutes: < 1 } => $"*/{Divisor((int)every.TotalSeconds, 60)} * * * * *",
        { TotalHours: < 1 } => $"0 */{Divisor((int)every.TotalMinutes, 60)} * * * *",
        { TotalDays: < 1 } => $"0 0 */{Divisor((int)every.TotalHours, 24)} * * *",
        _ => "0 0 0 * * *",
    };

    /// <summary>The greatest divisor of <paramref name="whole"/> that is not above <paramref name="limit"/>.</summary>
    private static int Divisor(int limit, int whole)
    {
        var divisor = Math.Max(1, limit);
        while (whole % divisor != 0)
        {
            divisor--;
        }

        return divisor;
    }
}
