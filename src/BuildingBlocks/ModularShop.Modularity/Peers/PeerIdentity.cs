using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ModularShop.Modularity.Peers;

/// <summary>What this deployable shows its peers, and whom it believes: one reading of the files, immutable.</summary>
internal sealed class PeerIdentity
{
    private const X509ChainStatusFlags NotOurs = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;

    private readonly X509Certificate2Collection _authorities;

    private PeerIdentity(SslStreamCertificateContext certificate, X509Certificate2Collection authorities, PeerFiles.Content content) =>
        (Certificate, _authorities, Content) = (certificate, authorities, content);

    public SslStreamCertificateContext Certificate { get; }

    public PeerFiles.Content Content { get; }

    public string Description => Describe(Certificate.TargetCertificate);

    /// <exception cref="System.Security.Cryptography.CryptographicException">It is no PEM, or the key belongs to another certificate.</exception>
    /// <exception cref="ArgumentException">There is no certificate or no key in it.</exception>
    public static PeerIdentity Read(PeerFiles.Content content)
    {
        var certificate = X509Certificate2.CreateFromPem(content.Certificate, content.Key);
        if (OperatingSystem.IsWindows())
        {
            // Its TLS takes no key that is only in memory.
            using var ephemeral = certificate;
            certificate = X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
        }

        var chain = new X509Certificate2Collection();
        chain.ImportFromPem(content.Certificate);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(content.Authority);
        return new PeerIdentity(SslStreamCertificateContext.Create(certificate, [.. chain.Skip(1)], offline: true), authorities, content);
    }

    /// <summary>How the chain of a peer's certificate is to be built: up to one of our authorities, with nothing fetched from elsewhere.</summary>
    public X509ChainPolicy ChainPolicy(DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = now.UtcDateTime,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }

    /// <summary>What is wrong with this deployable's own certificate; null where nothing is.</summary>
    public string? Problem(string deployable, DateTimeOffset now)
    {
        using var chain = new X509Chain { ChainPolicy = ChainPolicy(now) };
        chain.ChainPolicy.ExtraStore.AddRange(Certificate.IntermediateCertificates.ToArray());
        chain.Build(Certificate.TargetCertificate);
        return Problem(Certificate.TargetCertificate, chain, now, deployable);
    }

    /// <summary>Why a certificate is not one of the peer; null where it is.</summary>
    /// <param name="chain">Built with <see cref="ChainPolicy"/>.</param>
    /// <param name="deployable">The peer that is expected; null for any.</param>
    public static string? Problem(X509Certificate? presented, X509Chain? chain, DateTimeOffset now, string? deployable)
    {
        if (presented is not X509Certificate2 certificate || chain is null)
        {
            return "it presents no certificate.";
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return status switch
        {
            _ when now < new DateTimeOffset(certificate.NotBefore) => $"its certificate {Describe(certificate)} is not valid before {certificate.NotBefore.ToUniversalTime():u}; is a clock wrong?",
            _ when now > ValidUntil(certificate) => $"its certificate {Describe(certificate)} expired at {certificate.NotAfter.ToUniversalTime():u}; renew it.",
            _ when (status & NotOurs) is not X509ChainStatusFlags.NoError =>
                $"its certificate {Describe(certificate)} is not one of our authority but of '{certificate.Issuer}', or of another authority of that name.",
            X509ChainStatusFlags.NoError when NameOf(certificate) is not { Length: > 0 } => $"its certificate {Describe(certificate)} has no common name, which is the deployable's.",
            X509ChainStatusFlags.NoError when deployable is not null && !string.Equals(NameOf(certificate), deployable, StringComparison.OrdinalIgnoreCase) =>
                $"its certificate {Describe(certificate)} is not the one of {deployable}.",
            X509ChainStatusFlags.NoError => null,
            _ => $"its certificate {Describe(certificate)} is not good: {status}.",
        };
    }

    public static string NameOf(X509Certificate2 certificate) => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    public static DateTimeOffset ValidUntil(X509Certificate2 certificate) => new(certificate.NotAfter);

    private static string Describe(X509Certificate2 certificate) => $"'{certificate.Subject}' ({certificate.SerialNumber})";
}
