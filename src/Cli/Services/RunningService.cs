using System.Collections.Concurrent;
using System.Diagnostics;

namespace ModularShop.Cli.Services;

/// <summary>A service that was started here, with the last lines it said.</summary>
internal sealed class RunningService : IDisposable
{
    private const int LastLines = 10;

    /// <summary>What it prints once it listens.</summary>
    private const string Ready = "answers its peers at ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<string> _said;

    private RunningService(ServiceProject project, Process process, Action<string> said)
    {
        (Project, _process, _said) = (project, process, said);
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Ended = EndAsync();
    }

    public ServiceProject Project { get; }

    public int Id => _process.Id;

    /// <summary>Where it listens; never, where it ends before.</summary>
    public Task<Uri> Listens => _ready.Task;

    /// <summary>Its exit code, once all that it said has been taken.</summary>
    public Task<int> Ended { get; }

    public IReadOnlyCollection<string> Last => _lines;

    public static RunningService Start(ServiceProject project, Uri? listen, Action<string> said) => new(project, Process.Start(project.Start(listen))!, said);

    /// <summary>Asks it to end, and waits; who does not end in time is killed.</summary>
    public async Task StopAsync()
    {
        if (!_process.HasExited)
        {
            if (!Signals.TryTerminate(_process.Id))
            {
                _process.Kill(entireProcessTree: true);
            }

            if (await Task.WhenAny(Ended, Task.Delay(Patience)) != Ended)
            {
                _process.Kill(entireProcessTree: true);
            }
        }

        await Ended;
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        _lines.Enqueue(line);
        while (_lines.Count > LastLines)
        {
            _lines.TryDequeue(out _);
        }

        _said(line);
        var at = line.IndexOf(Ready, StringComparison.Ordinal);
        if (at >= 0 && Uri.TryCreate(line[(at + Ready.Length)..].Split(' ')[0].TrimEnd('.'), UriKind.Absolute, out var address))
        {
            _ready.TrySetResult(address);
        }
    }
}
