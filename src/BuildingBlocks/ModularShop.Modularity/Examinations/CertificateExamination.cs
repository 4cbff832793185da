using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Examinations;

/// <summary>What this deployable shows its peers: is it there, is it good, and for how long?</summary>
internal sealed class CertificateExamination(PeerCertificates certificates) : IExamination
{
    public string About => PeerCertificates.Subject;

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken) => [await certificates.ExamineAsync(cancellationToken)];
}
