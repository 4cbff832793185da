using System.Collections.Concurrent;
using System.Diagnostics;

namespace Playbook.Tests;

/// <summary>A shell in the working copy, as a reader has it open.</summary>
internal sealed class Terminal : IDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _printed = new();

    /// <param name="commands">They end at the first that fails.</param>
    public Terminal(string folder, string commands, IReadOnlyDictionary<string, string> environment)
    {
        // A group of its own, so that Ctrl+C reaches all that runs in it.
        var start = DefaultSignals.Start("setsid", "bash", "-e", "-o", "pipefail", "-c", $"exec 2>&1\n{commands}");
        (start.UseShellExecute, start.WorkingDirectory) = (false, folder);
        (start.RedirectStandardInput, start.RedirectStandardOutput) = (true, true);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is { } text)
            {
                _printed.Enqueue(text);
            }
        };
        _process.Start();
        _process.BeginOutputReadLine();
        _process.StandardInput.Close();
    }

    public string Printed => string.Concat(_printed.Select(line => $"{line}\n"));

    public bool HasEnded => _process.HasExited;

    public async Task<int> EndAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            Signal("KILL");
            throw new ShouldAssertException($"It did not end within {patience.TotalSeconds} s. It printed:\n{Printed}", e);
        }

        return _process.ExitCode;
    }

    public void CtrlC() => Signal("INT");

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Signal("KILL");
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    /// <summary>To everything that was started by the commands.</summary>
    private void Signal(string signal)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -s {signal} -- -{_process.Id}"]);
        kill.WaitForExit();
    }
}
