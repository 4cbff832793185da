namespace ModularShop.Modularity.Peers;

/// <summary>Where a deployable's certificate, its key and the authority of its peers are: PEM files.</summary>
internal sealed record PeerFiles(string Certificate, string Key, string Authority)
{
    public async Task<Content> ReadAsync(CancellationToken cancellationToken) => new(
        await File.ReadAllTextAsync(Certificate, cancellationToken), await File.ReadAllTextAsync(Key, cancellationToken), await File.ReadAllTextAsync(Authority, cancellationToken));

    public sealed record Content(string Certificate, string Key, string Authority);
}
