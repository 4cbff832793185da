using System.Text.Json;

namespace Browser.Tests;

/// <summary>What holds for every page.</summary>
internal static class PageChecks
{
    private static readonly string Axe = Load();

    private static readonly string Screenshots = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "screenshots")).FullName;

    private static readonly int[] Widths = [1280, 390];

    /// <summary>
    /// In light and in dark, at two widths: nothing that axe calls serious, nothing wider than the window, and a picture in
    /// artifacts/screenshots, for people to look at.
    /// </summary>
    public static async Task ShouldBeWellMadeAsync(this IPage page, string name)
    {
        foreach (var scheme in new[] { ColorScheme.Dark, ColorScheme.Light })
        {
            await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = scheme });
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(width, $"{name} is wider than {width} pixels.");
                await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(Screenshots, $"{name}-{width}{(scheme is ColorScheme.Dark ? "-dark" : "")}.png"), FullPage = true });
                (await ViolationsAsync(page)).ShouldBeEmpty($"{name}, {scheme}, {width} pixels");
            }
        }

        await page.SetViewportSizeAsync(Widths[0], 900);
    }

    private static async Task<IReadOnlyList<string>> ViolationsAsync(IPage page)
    {
        // As a debugger does, which the page's policy for scripts does not bind.
        await page.EvaluateAsync(Axe);
        var result = await page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'] })");
        return
        [
            .. from violation in result.GetProperty("violations").EnumerateArray()
               where violation.GetProperty("impact").GetString() is "serious" or "critical"
               from node in violation.GetProperty("nodes").EnumerateArray()
               select $"{violation.GetProperty("id").GetString()}: {violation.GetProperty("help").GetString()}: {node.GetProperty("html").GetString()}",
        ];
    }

    private static string Load()
    {
        using var script = new StreamReader(typeof(PageChecks).Assembly.GetManifestResourceStream("axe.min.js")!);
        return script.ReadToEnd();
    }
}
