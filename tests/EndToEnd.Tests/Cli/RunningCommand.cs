using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests.Cli;

/// <summary>The command while it runs; gone with the test, and what it started too.</summary>
internal sealed class RunningCommand : IDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;

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

    /// <param name="within">A minute and a half if nothing is said.</param>
    public Task SaysAsync(string text, TimeSpan? within = null) => Eventually.TrueAsync(
        () =>
        {
            _process.HasExited.ShouldBeFalse(Output);
            return Task.FromResult(Output.Contains(text, StringComparison.Ordinal));
        },
        $"'{text}'",
        within ?? TimeSpan.FromSeconds(90));

    public async Task SignalAsync(int signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <param name="within">A minute and a half if nothing is said.</param>
    public async Task<int> ExitCodeAsync(TimeSpan? within = null)
    {
        using var limit = new CancellationTokenSource(within ?? TimeSpan.FromSeconds(90));
        await _process.WaitForExitAsync(limit.Token);
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
