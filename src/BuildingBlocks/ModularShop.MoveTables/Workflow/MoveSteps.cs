using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ModularShop.MoveTables;

/// <summary>Goes through the durable steps of a move; the place where a rehearsal lets the process die.</summary>
internal sealed class MoveSteps(IOptions<MoveTablesOptions> options, IHostEnvironment environment)
{
    private readonly string? _killAt = environment.IsDevelopment() ? options.Value.KillAt : null;

    public async Task DoAsync(MoveStep step, Func<Task> work)
    {
        DieAt(step, "Before");
        await work();
        DieAt(step, "After");
    }

    private void DieAt(MoveStep step, string when)
    {
        if (_killAt is not null && string.Equals(_killAt, $"{step}.{when}", StringComparison.OrdinalIgnoreCase))
        {
            using var process = Process.GetCurrentProcess();
            process.Kill();
            // Nothing is done any more while the signal is on its way.
            Thread.CurrentThread.Join();
        }
    }
}
