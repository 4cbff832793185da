using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Peers;

/// <summary>
/// A certificate authority in a folder, made on the first run, so that mutual TLS works on a developer's machine without a
/// word of configuration. Deployables that start at once take turns.
/// </summary>
internal sealed class DevelopmentAuthority(string folder, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RenewedBefore = TimeSpan.FromDays(30);

    private string AuthorityFile => Path.Combine(folder, "authority.pem");

    private string AuthorityKeyFile => Path.Combine(folder, "authority.key");

    /// <summary>Where the certificate of a deployable is, or would be.</summary>
    public PeerFiles FilesOf(string deployable) => new(Path.Combine(folder, $"{deployable}.pem"), Path.Combine(folder, $"{deployable}.key"), AuthorityFile);

    /// <summary>The certificate of a deployable, made or renewed if need be.</summary>
    /// <exception cref="StartException">The folder cannot be written.</exception>
    public async Task<PeerFiles> CertifyAsync(string deployable, CancellationToken cancellationToken)
    {
        var files = FilesOf(deployable);
        try
        {
            Directory.CreateDirectory(folder);
            await using var turn = await TakeTurnAsync(cancellationToken);
            using var authority = Read(AuthorityFile, AuthorityKeyFile) ?? MakeAuthority();
            using var known = Read(files.Certificate, files.Key);
            if (known is null || !IsOf(authority, known))
            {
                MakeCertificate(authority, deployable, files);
            }

            return files;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StartException($"The development certificates of the peers cannot be kept in {folder}: {e.Message} Make it writable, or set Peers:Certificates to another folder.", e);
        }
    }

    private async Task<FileStream> TakeTurnAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                // It stays when it is let go: two who wait for it must wait for the same file.
                return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pace, time, cancellationToken);
            }
        }
    }

    /// <summary>Null where it must be made: not there, cut short, or soon to expire.</summary>
    private X509Certificate2? Read(string certificateFile, string keyFile)
    {
        try
        {
            var certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            if (time.GetUtcNow() + RenewedBefore < PeerIdentity.ValidUntil(certificate))
            {
                return certificate;
            }

            certificate.Dispose();
            return null;
        }
        catch (Exception e) when (e is CryptographicException or FileNotFoundException)
        {
            return null;
        }
    }

    private static bool IsOf(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate);
    }

    private X509Certificate2 MakeAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ModularShop development authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        Write(AuthorityKeyFile, key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        // A crash here: the key has no certificate, and both are made anew.
        Write(AuthorityFile, authority.ExportCertificatePem(), isSecret: false);
        PeersLog.AuthorityMade(logger, AuthorityFile);
        return authority;
    }

    private void MakeCertificate(X509Certificate2 authority, string deployable, PeerFiles files)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={deployable}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(deployable.ToLowerInvariant());
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "server"), new Oid("1.3.6.1.5.5.7.3.2", "client")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var now = time.GetUtcNow();
        using var made = request.Create(authority, now.AddHours(-1), now.AddYears(1), RandomNumberGenerator.GetBytes(16));
        Write(files.Key, key.ExportPkcs8PrivateKeyPem(), isSecret: true);
        // A crash here: the key is not the certificate's, and both are made anew.
        Write(files.Certificate, made.ExportCertificatePem(), isSecret: false);
        PeersLog.CertificateMade(logger, files.Certificate, PeerIdentity.ValidUntil(made));
    }

    /// <summary>Whole or not at all: whoever reads takes no turn.</summary>
    private static void Write(string path, string pem, bool isSecret)
    {
        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (isSecret && !OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var draft = $"{path}.draft";
        File.Delete(draft);
        using (var writer = new StreamWriter(draft, file))
        {
            writer.Write(pem);
        }

        File.Move(draft, path, overwrite: true);
    }
}
