using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ModularShop.MoveTables;

/// <summary>Goes through the durable steps of a move; the place where a rehearsal lets the process die.</summary>
internal class MoveSteps(IOptions<MoveTablesOptions> options, IHostEnvironment environment)
{
    private readonly string? _killAt = environment.IsDevelopment() ? options.Value.KillAt : null;

    public async Task DoAsync(MoveStep step, Func<Task> work)
    {
        Reached(step, isDone: false);
        await work();
        Reached(step, isDone: true);
    }

    /// <summary>Right before and right after each step.</summary>
    protected virtual void Reached(MoveStep step, bool isDone)
    {
        if (_killAt is not null && string.Equals(_killAt, $"{step}.{(isDone ? "After" : "Before")}", StringComparison.OrdinalIgnoreCase))
        {
            Die();
        }
    }

    protected static void Die()
    {
        using var process = Process.GetCurrentProcess();
        process.Kill();
        // Nothing is done any more while the signal is on its way.
        Thread.CurrentThread.Join();
    }
}
