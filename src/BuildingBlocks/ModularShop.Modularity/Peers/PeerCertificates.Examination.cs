using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Modularity.Peers;

/// <remarks>The same looked at beforehand: none is made.</remarks>
internal sealed partial class PeerCertificates
{
    public const string Subject = "certificate for peers";

    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    public async Task<Finding> ExamineAsync(CancellationToken cancellationToken)
    {
        var configured = options.Value;
        if (configured.PlainHttp)
        {
            return configured.Listens && environment.IsProduction()
                ? Finding.Warning(Subject, "Deployables talk in clear text, and whoever reaches Peers:Listen is trusted.", "leave Peers:PlainHttp out where others reach this machine.")
                : Finding.Ok(Subject, "Deployables talk in clear text: none is needed.");
        }

        if (!configured.HasFiles && !configured.MayMakeCertificates(environment))
        {
            return configured.Listens || configured.Addresses.Count > 0 ? Finding.Problem(Subject, "There is none.", PeerRules.NoCertificates) : Finding.Ok(Subject, "It talks to no peers: none is needed.");
        }

        var files = configured.HasFiles ? new PeerFiles(FullPath(configured.CertificateFile!), FullPath(configured.KeyFile!), FullPath(configured.AuthorityFile!))
            : new DevelopmentAuthority(FullPath(configured.Certificates), time, logger).FilesOf(here.Name);
        return !configured.HasFiles && !File.Exists(files.Certificate) ? Finding.Ok(Subject, $"{files.Certificate} is made by the first start.") : await JudgeAsync(files, renewsItself: !configured.HasFiles, cancellationToken);
    }

    private async Task<Finding> JudgeAsync(PeerFiles files, bool renewsItself, CancellationToken cancellationToken)
    {
        try
        {
            var identity = PeerIdentity.Read(await files.ReadAsync(cancellationToken));
            var left = PeerIdentity.ValidUntil(identity.Certificate.TargetCertificate) - time.GetUtcNow();
            var valid = string.Create(CultureInfo.InvariantCulture, $"{files.Certificate} is valid for {Math.Floor(left.TotalDays):0} days more.");
            return renewsItself && left < Soon ? Finding.Ok(Subject, $"{files.Certificate} is renewed by the next start.")
                : identity.Problem(here.Name, time.GetUtcNow()) is { } problem ? Finding.Problem(Subject, $"{files.Certificate} cannot be used: {problem}")
                : left < Soon ? Finding.Warning(Subject, valid, "renew it, and put the new one in its place: the next handshake finds it.")
                : Finding.Ok(Subject, valid);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return Finding.Problem(Subject, Unusable(files, e));
        }
    }
}
