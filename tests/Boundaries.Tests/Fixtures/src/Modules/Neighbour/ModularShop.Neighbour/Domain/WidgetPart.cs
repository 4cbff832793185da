namespace ModularShop.Neighbour.Domain;

internal interface IWidgetRule;

internal abstract class WidgetPart
{
    public static readonly int Count = 1;

    public static WidgetPart? Find() => null;
}
