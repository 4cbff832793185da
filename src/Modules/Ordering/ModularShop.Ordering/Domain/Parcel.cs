namespace ModularShop.Ordering.Domain;

internal static class Parcel
{
    /// <summary>A parcel weighs something, and no more than the number that Shipping takes: nobody carries that anyway.</summary>
    public static int Weight(long grams) => (int)Math.Clamp(grams, 1, int.MaxValue);
}
