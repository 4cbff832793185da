using System.Globalization;
using ModularShop.Messaging;

namespace ModularShop.Host.Console;

/// <summary>Where the modules are on the map: the one with most neighbours in the middle, the others around it.</summary>
public sealed class ModuleMap
{
    public const int Width = 960;
    public const int Height = 560;
    public const int BoxWidth = 216;
    public const int BoxHeight = 92;

    /// <summary>Between a line and the one that comes back beside it.</summary>
    private const double Apart = 9;

    private readonly Dictionary<string, (double X, double Y)> _places = new(StringComparer.Ordinal);

    public ModuleMap(IReadOnlyList<string> modules, IEnumerable<MessageFlow> flows)
    {
        var between = flows.Where(f => modules.Contains(f.From, StringComparer.Ordinal) && modules.Contains(f.To, StringComparer.Ordinal)).ToList();
        var middle = modules.OrderByDescending(m => between.Where(f => f.From == m || f.To == m).Select(f => f.From == m ? f.To : f.From).Distinct(StringComparer.Ordinal).Count()).First();
        var others = modules.Where(m => m != middle).ToList();
        _places[middle] = (Width / 2.0, Height / 2.0);
        for (var i = 0; i < others.Count; i++)
        {
            var angle = (2 * Math.PI * i / others.Count) - (0.75 * Math.PI);
            _places[others[i]] = ((Width / 2.0) + (Math.Cos(angle) * Math.Sqrt(2) * ((Width - BoxWidth) / 2.0 - 8) * Reach(angle)), (Height / 2.0) + (Math.Sin(angle) * Math.Sqrt(2) * ((Height - BoxHeight) / 2.0 - 8) * Reach(angle)));
        }

        Lines = [.. between.GroupBy(f => (f.From, f.To)).OrderBy(g => g.Key.From, StringComparer.Ordinal).ThenBy(g => g.Key.To, StringComparer.Ordinal).Select(g => LineOf(g.Key.From, g.Key.To, [.. g]))];
    }

    public IReadOnlyList<MapLine> Lines { get; }

    public (double X, double Y) this[string module] => _places[module];

    public static string Text(double number) => number.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Into the corners, and no further than the edges.</summary>
    private static double Reach(double angle) => Math.Min(1, 1 / (Math.Sqrt(2) * Math.Max(Math.Abs(Math.Cos(angle)), Math.Abs(Math.Sin(angle)))));

    private MapLine LineOf(string from, string to, IReadOnlyList<MessageFlow> flows)
    {
        var (a, b) = (_places[from], _places[to]);
        var length = Math.Sqrt(((b.X - a.X) * (b.X - a.X)) + ((b.Y - a.Y) * (b.Y - a.Y)));
        var (dx, dy) = ((b.X - a.X) / length, (b.Y - a.Y) / length);
        // To the right of its way, so that the one that comes back has a place of its own.
        var (aside, down) = (-dy * Apart, dx * Apart);
        var (start, end) = (Border(a, dx, dy, aside, down), Border(b, -dx, -dy, aside, down));
        // Nearer to where it begins: where two cross, and of two that go to and fro, each has its words to itself.
        return new MapLine(
            from, to, flows, start.X, start.Y, end.X, end.Y, start.X + (0.35 * (end.X - start.X)) + (aside * 1.8), start.Y + (0.35 * (end.Y - start.Y)) + (down * 1.2));
    }

    /// <summary>Where a line through a point beside a box's middle leaves the box.</summary>
    private static (double X, double Y) Border((double X, double Y) middle, double dx, double dy, double aside, double down)
    {
        var far = Math.Min(Far(BoxWidth / 2.0, dx, aside), Far(BoxHeight / 2.0, dy, down));
        return (middle.X + aside + (dx * far), middle.Y + down + (dy * far));

        static double Far(double half, double direction, double from) => Math.Abs(direction) < 1e-9 ? double.MaxValue : ((Math.Sign(direction) * half) - from) / direction;
    }
}

/// <summary>The messages from one module to another.</summary>
public sealed record MapLine(string From, string To, IReadOnlyList<MessageFlow> Flows, double X1, double Y1, double X2, double Y2, double LabelX, double LabelY)
{
    public int LastMinute => Flows.Sum(f => f.LastMinute);
}
