using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests.Cli;

/// <summary>The command while it runs; gone with the test, and what it started too.</summary>
internal sealed class RunningCommand : IDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;

    /// <summary>For commands that start processes, on a machine that does other things too.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    public RunningCommand(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _lines);

    /// <param name="within">Four minutes if nothing is said.</param>
    public async Task SaysAsync(string text, TimeSpan? within = null)
    {
        try
        {
            await Eventually.TrueAsync(
                () =>
                {
                    _process.HasExited.ShouldBeFalse(Output);
                    return Task.FromResult(Output.Contains(text, StringComparison.Ordinal));
                },
                $"'{text}'",
                within ?? Patience);
        }
        catch (ShouldAssertException e)
        {
            throw new ShouldAssertException($"{e.Message}; it said:\n{Output}", e);
        }
    }

    public async Task SignalAsync(int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <param name="within">Four minutes if nothing is said.</param>
    public async Task<int> ExitCodeAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? Patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new ShouldAssertException($"It did not end within {(within ?? Patience).TotalSeconds} s; it said:\n{Output}", e);
        }

        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
