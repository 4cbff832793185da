using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BuildingBlocks.Tests.Peers;

/// <summary>An authority of a company's own, and the files it gives to deployables.</summary>
internal sealed class Authority : IDisposable
{
    private readonly X509Certificate2 _certificate;

    public Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=An authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _certificate = request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(1));
    }

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Writes certificate, key and authority into <paramref name="folder"/>, over those that are there; returns the settings that name them.</summary>
    public (string Key, string Value)[] Give(string folder, string name, DateTimeOffset? until = null, Authority? authority = null)
    {
        using var made = Make(name, until ?? Now.AddDays(90));
        using var key = made.GetECDsaPrivateKey()!;
        var (certificateFile, keyFile, authorityFile) = (Path.Combine(folder, $"{name}.crt"), Path.Combine(folder, $"{name}.key"), Path.Combine(folder, $"{name}.authority"));
        File.WriteAllText(certificateFile, made.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(authorityFile, (authority ?? this)._certificate.ExportCertificatePem());
        return [("Peers:CertificateFile", certificateFile), ("Peers:KeyFile", keyFile), ("Peers:AuthorityFile", authorityFile)];
    }

    /// <summary>With its key; to be shown by a client that the product has no part in.</summary>
    public X509Certificate2 Make(string name, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var made = request.Create(_certificate, Now.AddDays(-300), until, RandomNumberGenerator.GetBytes(16));
        using var complete = made.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pkcs12), null);
    }

    /// <summary>A client that shows what it likes, and believes anybody.</summary>
    public static HttpClient Client(Uri address, X509Certificate2? shown)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (shown is not null)
        {
            handler.SslOptions.ClientCertificates = [shown];
            handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown;
        }

#pragma warning disable RS0030 // a stranger's client
        return new HttpClient(handler) { BaseAddress = address, DefaultRequestVersion = HttpVersion.Version20 };
#pragma warning restore RS0030
    }

    public void Dispose() => _certificate.Dispose();
}
