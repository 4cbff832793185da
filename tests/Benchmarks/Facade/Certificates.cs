using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using ModularShop.Modularity.Peers;

namespace Benchmarks.Facade;

/// <summary>A folder of certificates of one authority, made as a developer's are: a deployable finds its own there.</summary>
internal sealed record Certificates(string Folder) : IDisposable
{
    /// <summary>Whom clients talk to, and who talks to the service.</summary>
    public const string Proxy = "Proxy";

    public const string Service = "Answers";

    public string Authority => Path.Combine(Folder, "authority.pem");

    public static async Task<Certificates> MakeAsync()
    {
        var certificates = new Certificates(Directory.CreateTempSubdirectory("benchmark-certificates-").FullName);
        foreach (var name in new[] { Proxy, Service })
        {
            await new DevelopmentAuthority(certificates.Folder, TimeProvider.System, NullLogger.Instance).CertifyAsync(name, CancellationToken.None);
        }

        return certificates;
    }

    public string Certificate(string name) => Path.Combine(Folder, $"{name}.pem");

    public string Key(string name) => Path.Combine(Folder, $"{name}.key");

    public X509Certificate2 Read(string name) => X509Certificate2.CreateFromPemFile(Certificate(name), Key(name));

    /// <summary>Trusts its authority and nobody else.</summary>
    public X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(Authority);
        return policy;
    }

    /// <summary>A client of a program on this machine; in clear text where there are no certificates.</summary>
    public static HttpClient NewClient(int port, Certificates? certificates)
    {
        var handler = new SocketsHttpHandler();
        if (certificates is not null)
        {
            handler.SslOptions.CertificateChainPolicy = certificates.Trust();
        }

#pragma warning disable RS0030 // a client of the benchmark
        return new HttpClient(handler) { BaseAddress = new Uri($"{(certificates is null ? "http" : "https")}://127.0.0.1:{port}") };
#pragma warning restore RS0030
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
