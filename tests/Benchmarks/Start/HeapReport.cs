using System.Globalization;

namespace Benchmarks.Start;

/// <summary>The GC heap of another process, which it writes into a file when it is signalled: see <see cref="StartupHook"/>.</summary>
internal sealed class HeapReport : IDisposable
{
    public const string FileVariable = "MODULARSHOP_HEAP_REPORT";

    private const string HookVariable = "DOTNET_STARTUP_HOOKS";

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"modularshop-heap-{Guid.CreateVersion7():N}");

    /// <summary>Starts a process that can be asked.</summary>
    public HostProcess Of(Func<HostProcess> begin)
    {
        Environment.SetEnvironmentVariable(HookVariable, typeof(StartupHook).Assembly.Location);
        Environment.SetEnvironmentVariable(FileVariable, _file);
        try
        {
            return begin();
        }
        finally
        {
            Environment.SetEnvironmentVariable(HookVariable, null);
            Environment.SetEnvironmentVariable(FileVariable, null);
        }
    }

    /// <summary>Bytes that are alive on it.</summary>
    public async Task<long> ReadAsync(HostProcess process)
    {
        process.Signal("WINCH");
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(_file)), "the report of the heap");
        return long.Parse(await File.ReadAllTextAsync(_file), CultureInfo.InvariantCulture);
    }

    public void Dispose() => File.Delete(_file);
}
