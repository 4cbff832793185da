using System.CommandLine;
using System.Globalization;

namespace ModularShop.Cli.Terminal;

/// <summary>A time as people write it: <c>500ms</c>, <c>2s</c>, <c>10m</c> or <c>1h</c>.</summary>
internal static class TimeOption
{
    /// <returns>An option whose value is in seconds.</returns>
    public static Option<double?> Make(string name, string description) => new(name)
    {
        Description = $"{description}: 500ms, 2s, 10m or 1h.",
        HelpName = "time",
        CustomParser = result =>
        {
            if (Seconds(result.Tokens[0].Value) is { } seconds)
            {
                return seconds;
            }

            result.AddError($"{name} is '{result.Tokens[0].Value}'; it must be such as 500ms, 2s, 10m or 1h.");
            return null;
        },
    };

    private static double? Seconds(string text)
    {
        foreach (var (unit, seconds) in new[] { ("ms", 0.001), ("s", 1d), ("m", 60d), ("h", 3600d) })
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                return double.TryParse(text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number * seconds : null;
            }
        }

        return null;
    }
}
