using System.Collections.Concurrent;
using System.Diagnostics;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A coordinator of the warehouse's move in a process of its own.</summary>
internal sealed class CoordinatorProcess : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Process _process;

    public CoordinatorProcess(Warehouse warehouse, params (string Key, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = warehouse.Folder };
        start.ArgumentList.Add(typeof(CoordinatorProcess).Assembly.Location);
        // It does not live long enough for code to be made faster.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (key, value) in warehouse.Settings.Concat(settings))
        {
            start.ArgumentList.Add($"--{key}={value}");
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output => string.Join('\n', _output);

    public bool IsDead => _process.HasExited;

    /// <param name="signal">STOP or CONT.</param>
    public void Signal(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public Task DeathAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>kill -9</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
