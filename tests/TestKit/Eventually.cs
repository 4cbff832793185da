using System.Diagnostics;
using Shouldly;

namespace ModularShop.TestKit;

/// <summary>Waits for a condition, never for a time.</summary>
public static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Asks again and again until the condition holds; fails, saying what was awaited, when patience runs out.</summary>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? patience = null) =>
        GetAsync(async () => await condition() ? what : null, what, patience);

    /// <summary>Asks again and again until there is an answer that is not null.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> ask, string what, TimeSpan? patience = null)
        where T : class
    {
        var waited = Stopwatch.StartNew();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        do
        {
            if (await ask() is { } answer)
            {
                return answer;
            }
        }
        while (waited.Elapsed < (patience ?? Patience) && await pace.WaitForNextTickAsync());
        throw new ShouldAssertException($"Waited {waited.Elapsed.TotalSeconds:F1} s in vain for: {what}");
    }
}
