using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModularShop.Host.Console;

namespace Modules.Tests.Console;

public sealed partial class LineChartTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Points_are_where_their_time_is_however_irregularly_they_were_seen() =>
        Points(await DrawAsync((0, 1), (1, 1), (2, 1), (4, 1))).ShouldBe("M52 L196 L340 L628");

    [Fact]
    public async Task A_line_does_not_go_on_across_a_time_in_which_nobody_looked() =>
        Points(await DrawAsync((0, 1), (1, 1), (2, 1), (12, 1))).ShouldBe("M52 L100 L148 M628");

    [Fact]
    public async Task A_value_that_is_alone_is_drawn_as_a_dot()
    {
        var html = await DrawAsync((0, null), (1, 5), (2, null));
        Points(html).ShouldBe("M340");
        Path().Match(html).Groups["d"].Value.ShouldEndWith("h0 ");
    }

    [Fact]
    public async Task The_axis_is_written_on_by_time()
    {
        var html = await DrawAsync((0, 1), (1, 2), (20, 3));
        foreach (var clock in new[] { "12:00:00", "12:00:10", "12:00:20" })
        {
            html.ShouldContain($">{clock}</text>");
        }
    }

    private static string Points(string html) => string.Join(' ', Point().Matches(Path().Match(html).Groups["d"].Value).Select(m => m.Value));

    private static async Task<string> DrawAsync(params (int Second, double? Value)[] points)
    {
        var chart = new Chart("one", "Requests", "req/s", [.. points.Select(p => Noon.AddSeconds(p.Second))], [new ChartLine("monolith", "one", [.. points.Select(p => p.Value)])]);
        await using var services = new ServiceCollection().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<LineChart>(
            ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(LineChart.Chart)] = chart }))).ToHtmlString());
    }

    [GeneratedRegex("<path class=\"line one\" d=\"(?<d>[^\"]*)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Path();

    [GeneratedRegex("[ML][0-9.]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Point();
}
