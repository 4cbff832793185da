using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Peers;

/// <summary>
/// This deployable's certificate and authority, for its listener and its clients alike. Files that have been renewed are
/// found at the next handshake; those that cannot be used change nothing.
/// </summary>
internal sealed partial class PeerCertificates(
    Deployable here, IOptions<PeerOptions> options, IHostEnvironment environment, TimeProvider time, ILogger<PeerCertificates> logger) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private PeerFiles? _files;
    private PeerIdentity? _current;
    private long _readAt;

    private bool IsFresh => time.GetElapsedTime(Volatile.Read(ref _readAt)) < TimeSpan.FromSeconds(options.Value.ReloadSeconds);

    /// <exception cref="StartException">There is no certificate that can be used.</exception>
    public async ValueTask<PeerIdentity> CurrentAsync(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is { } known && IsFresh)
        {
            return known;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_current is null)
            {
                Volatile.Write(ref _current, await ReadFirstAsync(cancellationToken));
            }
            else if (!IsFresh)
            {
                Volatile.Write(ref _current, await ReadAgainAsync(_current, cancellationToken));
            }

            Volatile.Write(ref _readAt, time.GetTimestamp());
            return _current;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<PeerIdentity> ReadFirstAsync(CancellationToken cancellationToken)
    {
        var files = _files ??= await FindAsync(cancellationToken);
        try
        {
            return Usable(PeerIdentity.Read(await files.ReadAsync(cancellationToken)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new StartException(Unusable(files, e), e);
        }
    }

    private async Task<PeerIdentity> ReadAgainAsync(PeerIdentity before, CancellationToken cancellationToken)
    {
        try
        {
            var content = await _files!.ReadAsync(cancellationToken);
            if (content == before.Content)
            {
                return before;
            }

            var renewed = Usable(PeerIdentity.Read(content));
            PeersLog.Renewed(logger, renewed.Description, PeerIdentity.ValidUntil(renewed.Certificate.TargetCertificate));
            return renewed;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or StartException)
        {
            // Half of them may be written so far.
            PeersLog.NotRenewed(logger, e is StartException ? e.Message : Unusable(_files!, e));
            return before;
        }
    }

    private async Task<PeerFiles> FindAsync(CancellationToken cancellationToken)
    {
        var configured = options.Value;
        if (configured.HasFiles)
        {
            return new PeerFiles(FullPath(configured.CertificateFile!), FullPath(configured.KeyFile!), FullPath(configured.AuthorityFile!));
        }

        return configured.MayMakeCertificates(environment)
            ? await new DevelopmentAuthority(FullPath(configured.Certificates), time, logger).CertifyAsync(here.Name, cancellationToken)
            : throw new ConfigurationException($"Peers: {PeerRules.NoCertificates}");
    }

    private PeerIdentity Usable(PeerIdentity identity) => identity.Problem(here.Name, time.GetUtcNow()) is { } problem
        ? throw new StartException($"The certificate that {here.Name} shows its peers ({_files!.Certificate}) cannot be used: {problem}")
        : identity;

    private static string Unusable(PeerFiles files, Exception e) =>
        $"The certificate for peers cannot be read: {e.Message} Check {files.Certificate}, {files.Key} and {files.Authority}: PEM, and the key the certificate's own.";

    private string FullPath(string path) => Path.GetFullPath(path, environment.ContentRootPath);
}
