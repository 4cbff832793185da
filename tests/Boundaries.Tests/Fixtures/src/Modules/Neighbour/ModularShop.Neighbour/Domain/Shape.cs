namespace ModularShop.Neighbour.Domain;

internal static class Shape
{
    public const int Sides = 4;
}
