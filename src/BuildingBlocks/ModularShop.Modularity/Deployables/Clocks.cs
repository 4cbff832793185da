namespace ModularShop.Modularity.Deployables;

/// <summary>The clocks of the machines that the shop runs on.</summary>
public static class Clocks
{
    /// <summary>How far any two may be apart: what compares times of two machines allows for it, and <c>doctor</c> warns of more.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(2);
}
