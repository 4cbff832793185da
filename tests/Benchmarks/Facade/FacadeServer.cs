namespace Benchmarks.Facade;

/// <summary>A program under measurement, with a database and a routing of its own.</summary>
internal sealed class FacadeServer : IServer, IAsyncDisposable
{
    private readonly TestDatabase _database;

    private FacadeServer(TestDatabase database, HostProcess process, HttpClient client) => (_database, Process, Client) = (database, process, client);

    public HostProcess Process { get; }

    public HttpClient Client { get; }

    public TimeSpan ProcessorTime => Data.Processor.Time(Process.Id);

    private static string[] Unlimited => ["--RateLimits:RequestsPerSecond=1000000"];

    /// <param name="certificates">Null for clear text; else it is talked to with TLS, and finds its own certificates there.</param>
    public static async Task<FacadeServer> StartAsync(string program, Certificates? certificates, params string[] settings)
    {
        var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        return await StartAsync(database, program, certificates, settings);
    }

    public static Task<FacadeServer> StartShopWithoutFacadeAsync() => StartAsync(FacadePrograms.ShopWithout, null, Unlimited);

    /// <param name="program">Plain YARP, or a shop with it.</param>
    public static Task<FacadeServer> StartYarpAsync(string program, Uri service, Certificates? certificates) =>
        StartAsync(program, certificates, [.. Unlimited, $"--{FacadePrograms.Upstream}={service}"]);

    /// <summary>A shop whose one endpoint is in that mode, once it answers as it says.</summary>
    public static async Task<FacadeServer> StartShopAsync(string mode, Uri service, Certificates? certificates = null)
    {
        var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await File.WriteAllTextAsync(Path.Combine(database.Folder, "routing.json"), $$"""
            { "Facade": { "Services": { "Answers": { "Destinations": [ "{{service}}" ] } }, "Endpoints": { "Answers.Get": "{{mode}}" } } }
            """);
        var shop = await StartAsync(
            database, FacadePrograms.ShopWithFacade, certificates, [.. Unlimited, certificates is null ? "--Peers:PlainHttp=true" : $"--Peers:Certificates={certificates.Folder}"]);
        try
        {
            var side = mode == "Service" ? "answers-service" : "monolith";
            await Eventually.TrueAsync(
                async () =>
                {
                    using var response = await shop.Client.GetAsync(new Uri(AnswersModule.Path, UriKind.Relative));
                    return response.IsSuccessStatusCode && !response.Headers.Contains("X-Fallback")
                        && response.Headers.GetValues("X-Answered-By").Single().StartsWith(side, StringComparison.Ordinal);
                },
                $"the {side} to answer");
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Process.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static async Task<FacadeServer> StartAsync(TestDatabase database, string program, Certificates? certificates, string[] settings)
    {
        var tlsPort = HostProcess.FreePort();
        string[] tls = certificates is null ? [] : [$"--{FacadePrograms.TlsPort}={tlsPort}", $"--{FacadePrograms.Certificates}={certificates.Folder}"];
        var process = HostProcess.StartProgram("tests/Benchmarks", database, "Benchmark", [program, .. settings, .. tls]);
        var server = new FacadeServer(database, process, Certificates.NewClient(certificates is null ? process.Address.Port : tlsPort, certificates));
        try
        {
            await process.ReadyAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }
}
