namespace Benchmarks;

/// <summary>Who is put under load.</summary>
internal interface IServer
{
    HttpClient Client { get; }

    /// <summary>What it has taken so far.</summary>
    TimeSpan ProcessorTime { get; }
}

/// <summary>A program of ours.</summary>
internal sealed record ProgramServer(HostProcess Process) : IServer
{
    public HttpClient Client => Process.Client;

    public TimeSpan ProcessorTime => Data.Processor.Time(Process.Id);
}
