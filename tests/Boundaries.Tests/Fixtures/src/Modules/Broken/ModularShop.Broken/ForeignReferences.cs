using ModularShop.Neighbour.Domain;

namespace ModularShop.Broken.ForeignReferences;

internal abstract class ByBaseType : WidgetPart;

internal sealed class ByInterface : IWidgetRule;

internal sealed class ByTypeArgumentOfBase : List<Widget>;

internal sealed class ByConstraint<T>
    where T : WidgetPart;

[Marked]
internal sealed class ByAttribute;

[System.ComponentModel.TypeConverter(typeof(Widget))]
internal sealed class ByArgumentOfAttribute;

internal sealed class ByAttributeOfParameter
{
    public void Do([Marked] int count) => _ = count;
}

internal sealed class ByField
{
    public Widget? Widget;
}

internal sealed class ByProperty
{
    public Dictionary<string, Widget[]>? Widgets { get; init; }
}

internal abstract class ByEvent
{
    public abstract event Action<Widget> Changed;
}

internal abstract class ByReturnType
{
    public abstract Task<Widget?> Find();
}

internal abstract class ByParameter
{
    public abstract void Do(ref Widget widget);
}

internal static class ByLocalVariable
{
    public static bool Do()
    {
        Widget? widget = null;
        return Interlocked.Exchange(ref widget, null) is null;
    }
}

internal static class ByLocalVariableOfAsync
{
    public static async Task Do()
    {
        Widget? widget = null;
        await Task.Yield();
        GC.KeepAlive(widget);
    }
}

internal static class ByCapture
{
    public static Func<object?> Do(object widget)
    {
        var captured = widget as Widget;
        return () => captured;
    }
}

internal static class ByCaughtException
{
    public static void Do()
    {
        try
        {
            GC.Collect();
        }
        catch (WidgetException)
        {
        }
    }
}

internal static class ByTypeof
{
    public static string Do() => typeof(Widget).Name;
}

internal static class ByTest
{
    public static bool Do(object thing) => thing is Widget;
}

internal static class ByEnum
{
    public static string Do(int finish) => ((Finish)finish).ToString();
}

internal static class ByCall
{
    public static bool Do() => WidgetPart.Find() is null;
}

internal static class ByStaticField
{
    public static int Do() => WidgetPart.Count;
}

internal static class ByTypeArgumentOfCall
{
    public static object Do() => Array.Empty<Widget>();
}

internal static class ByDelegate
{
    public static Delegate Do() => (Func<object?>)WidgetPart.Find;
}
