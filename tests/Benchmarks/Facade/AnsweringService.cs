using System.Globalization;

namespace Benchmarks.Facade;

/// <summary>The service behind everybody who passes requests on.</summary>
internal sealed class AnsweringService(FacadeServer server, int http2Port) : IAsyncDisposable
{
    public Uri Http1 => server.Process.Address;

    public Uri Http2 => new($"http://127.0.0.1:{http2Port}");

    /// <summary>HTTP/2 or HTTP/1.1, as the client wants; it has to show a certificate.</summary>
    public Uri Tls => server.Client.BaseAddress!;

    public static async Task<AnsweringService> StartAsync(Certificates certificates)
    {
        var http2Port = HostProcess.FreePort();
        return new AnsweringService(await FacadeServer.StartAsync(FacadePrograms.Service, certificates, $"--{FacadePrograms.Http2Port}={http2Port}"), http2Port);
    }

    /// <summary>How many requests it has answered so far.</summary>
    public async Task<long> AnsweredAsync() => long.Parse(
        await server.Process.Client.GetStringAsync(new Uri(FacadePrograms.Answered, UriKind.Relative)), NumberStyles.None, CultureInfo.InvariantCulture);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
