namespace ModularShop.Modularity.Examinations;

/// <summary>Where the public is listened for, as it was configured: the listener for peers takes it out of the configuration.</summary>
/// <param name="Urls">Separated by semicolons.</param>
public sealed record PublicAddresses(string? Urls)
{
    public IReadOnlyList<string> All => (Urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
