using System.Diagnostics;
using System.Globalization;

namespace Benchmarks.Facade;

/// <summary>nginx, passing everything on to one upstream over connections that stay open.</summary>
internal sealed class Nginx : IServer, IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private readonly string _folder;
    private readonly Process _process;

    private Nginx(string folder, Process process, HttpClient client) => (_folder, _process, Client) = (folder, process, client);

    public static string? Missing => File.Exists(Program) ? null : "nginx is not installed; 'apt-get install nginx-light' has it.";

    public HttpClient Client { get; }

    /// <summary>Of its workers; the master does nothing.</summary>
    public TimeSpan ProcessorTime => File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(TimeSpan.Zero, (sum, worker) => sum + Data.Processor.Time(int.Parse(worker, CultureInfo.InvariantCulture)));

    /// <param name="certificates">Null for clear text; else TLS on both sides.</param>
    public static async Task<Nginx> StartAsync(Uri upstream, Certificates? certificates = null)
    {
        var folder = Directory.CreateTempSubdirectory("benchmark-nginx-").FullName;
        var port = HostProcess.FreePort();
        var configuration = Path.Combine(folder, "nginx.conf");
        var (server, location) = certificates is null ? ("", "") : (
            $"ssl_certificate {certificates.Certificate(Certificates.Proxy)}; ssl_certificate_key {certificates.Key(Certificates.Proxy)};",
            $"proxy_ssl_certificate {certificates.Certificate(Certificates.Proxy)}; proxy_ssl_certificate_key {certificates.Key(Certificates.Proxy)}; "
                + $"proxy_ssl_trusted_certificate {certificates.Authority}; proxy_ssl_verify on; proxy_ssl_name {Certificates.Service.ToLowerInvariant()};");
        await File.WriteAllTextAsync(configuration, $$"""
            worker_processes {{Environment.ProcessorCount}};
            daemon off;
            pid {{folder}}/nginx.pid;
            error_log {{folder}}/error.log;
            events { worker_connections 1024; }
            http {
                access_log off;
                client_body_temp_path {{folder}};
                proxy_temp_path {{folder}};
                fastcgi_temp_path {{folder}};
                uwsgi_temp_path {{folder}};
                scgi_temp_path {{folder}};
                keepalive_requests 100000000;
                upstream service { server {{upstream.Authority}}; keepalive 64; keepalive_requests 100000000; }
                server {
                    listen 127.0.0.1:{{port}}{{(certificates is null ? "" : " ssl")}};
                    {{server}}
                    location / { proxy_pass {{upstream.Scheme}}://service; {{location}} proxy_http_version 1.1; proxy_set_header Connection ""; }
                }
            }
            """);
        var process = Process.Start(new ProcessStartInfo(Program, ["-c", configuration, "-p", folder]) { UseShellExecute = false })!;
        var nginx = new Nginx(folder, process, Certificates.NewClient(port, certificates));
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var response = await nginx.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            "nginx to answer");
        return nginx;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using (var quit = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await quit.WaitForExitAsync();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
