using System.Diagnostics;
using ModularShop.Cli.Services;

namespace ModularShop.Cli.Rehearse;

/// <summary>A process of a rehearsal: it can be killed, put to sleep, and started again as it was. What it says goes into a file.</summary>
/// <param name="arguments">The assembly, and what it is told.</param>
/// <param name="log">The file.</param>
internal sealed class StagedProcess(string name, string folder, IReadOnlyList<string> arguments, string log) : IAsyncDisposable
{
    private const int Tail = 15;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _writing = new();
    private volatile Process? _process;
    private volatile Process? _ended;

    public string Name => name;

    public string Log => log;

    /// <summary>Nobody has ended it, and it runs no more.</summary>
    public bool HasFailed => _process is { HasExited: true } process && process != _ended;

    /// <summary>The last lines that it said.</summary>
    public string LastLines
    {
        get
        {
            lock (_writing)
            {
                return File.Exists(log) ? string.Join(Environment.NewLine, File.ReadLines(log).TakeLast(Tail).Select(l => $"  {l}")) : "";
            }
        }
    }

    public void Start()
    {
        // However the rehearsal ends, the input ends with it, and so does the process.
        var start = new ProcessStartInfo("dotnet", [.. arguments, "--EndWithInput=true"])
        {
            UseShellExecute = false, WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        // A setting of this environment must not lead a rehearsal to a database that is none of its own.
        foreach (var setting in start.Environment.Keys.Where(k => k.Contains("__", StringComparison.Ordinal) || k is "ASPNETCORE_URLS" or "ConnectionStrings").ToList())
        {
            start.Environment.Remove(setting);
        }

        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // A debugger's pipes would outlive a killed process, in the user's folder of temporary files.
        start.Environment["DOTNET_EnableDiagnostics"] = "0";
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    /// <summary>As a power cut does.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false } process)
        {
            _ended = process;
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    public async Task StopAsync()
    {
        if (_process is { HasExited: false } process)
        {
            _ended = process;
            process.StandardInput.Close();
            try
            {
                await process.WaitForExitAsync().WaitAsync(Patience);
            }
            catch (TimeoutException)
            {
                await KillAsync();
            }
        }
    }

    /// <returns>Whether the system can do that.</returns>
    public bool TrySuspend() => _process is { HasExited: false } process && Signals.TrySuspend(process.Id);

    public void Resume()
    {
        if (_process is { HasExited: false } process)
        {
            Signals.TryResume(process.Id);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Resume();
        await KillAsync();
        _process?.Dispose();
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (_writing)
            {
                File.AppendAllLines(log, [line]);
            }
        }
    }
}
