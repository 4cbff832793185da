using System.Diagnostics;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>Waits for a condition, never for a time.</summary>
public static class Eventually
{
    /// <summary>On a machine that does other things too; nothing takes longer for it but a failure.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    // What takes long is not made to take longer by being asked for.
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(100);

    /// <summary>Asks again and again until the condition holds; fails, saying what was awaited, when patience runs out.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null) =>
        GetAsync(async () => await condition() ? what : null, what, patience);

    /// <summary>Asks again and again until there is an answer that is not null.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what, TimeSpan? patience = null)
        where T : class
    {
        var waited = Stopwatch.StartNew();
        using var pace = new PeriodicTimer(Soon);
        do
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            pace.Period = waited.Elapsed < 100 * Soon ? Soon : Later;
        }
        while (waited.Elapsed < (patience ?? Patience) && await pace.WaitForNextTickAsync());
        throw new ShouldAssertException($"Waited {waited.Elapsed.TotalSeconds:F1} s in vain for: {what}");
    }
}
