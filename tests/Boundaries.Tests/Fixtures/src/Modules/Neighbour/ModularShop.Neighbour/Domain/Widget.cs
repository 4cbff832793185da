using ModularShop.Neighbour.Contracts;

namespace ModularShop.Neighbour.Domain;

internal sealed class Widget : AggregateRoot
{
    public required string Code { get; init; }

    public required Money Price { get; init; }

    public Finish Finish { get; init; }

    public DateTimeOffset MadeAt { get; init; }

    public int Broken { get; private set; }

    public void BreakDown()
    {
        Broken++;
        Publish(new WidgetRenamed(Id, Code));
    }
}

internal enum Finish
{
    Raw,
    Polished,
}

internal enum NeighbourError
{
    [Status(404)] WidgetNotFound,
}

[AttributeUsage(AttributeTargets.All)]
internal sealed class MarkedAttribute : Attribute
{
    public Type? Type { get; init; }
}

internal sealed class WidgetException : Exception;
