namespace ModularShop.Contracts;

/// <summary>
/// On a method of an <c>I&lt;Module&gt;Api</c>: where another process answers it, an answer that is up to so many seconds
/// old will do. Without it every answer is of now, as one of this process always is.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MayBeStaleAttribute(int seconds) : Attribute
{
    public int Seconds { get; } = seconds;
}
