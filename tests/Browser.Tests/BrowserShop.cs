using System.Collections.Concurrent;

namespace Browser.Tests;

/// <summary>A running shop, and a browser to look at it with.</summary>
public sealed class BrowserShop : IAsyncLifetime
{
    private static readonly string[] Arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"];

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("browser-tests-");
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    /// <summary>Why no browser test can run here; null: they can.</summary>
    public static string? Missing { get; } = File.Exists(Chromium) ? null : $"No Chromium at {Chromium}: apt-get install chromium, or name one in MODULARSHOP_TEST_CHROMIUM.";

    public HostProcess Host { get; private set; } = null!;

    private static string Chromium => Environment.GetEnvironmentVariable("MODULARSHOP_TEST_CHROMIUM") ?? "/usr/bin/chromium";

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        // Several browsers of one address are several clients here.
        Host = await HostProcess.StartAndWaitAsync(_data.FullName, settings: ("RateLimits:CredentialsPerMinute", "1000"));
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium, Args = Arguments });
    }

    public async Task DisposeAsync()
    {
        if (Missing is null)
        {
            await _browser.DisposeAsync();
            _playwright.Dispose();
            await Host.DisposeAsync();
        }

        _data.Delete(recursive: true);
    }

    /// <summary>Somebody new with a browser: no cookies, one tab.</summary>
    public async Task<Visitor> VisitAsync(bool withScript = true, int width = 1280, ColorScheme scheme = ColorScheme.Light, Uri? address = null)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = (address ?? Host.Address).ToString(), JavaScriptEnabled = withScript, ColorScheme = scheme, Locale = "en-GB",
            ViewportSize = new ViewportSize { Width = width, Height = 900 }, ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(20_000);
        return new Visitor(context, await context.NewPageAsync());
    }
}

/// <summary>A browser of its own: what its pages complained of is a failure of whoever uses it.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    internal Visitor(IBrowserContext context, IPage page)
    {
        (Context, Page) = (context, page);
        context.Console += (_, message) =>
        {
            // That a page was answered with a status is for the test to say.
            if (message.Type == "error" && !message.Text.Contains("Failed to load resource", StringComparison.Ordinal))
            {
                _complaints.Enqueue(message.Text);
            }
        };
        context.WebError += (_, error) => _complaints.Enqueue(error.Error);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public async Task LogInAsync(string email, string password)
    {
        await Page.GotoAsync("/login");
        await Page.GetByLabel("Email").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Log in" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).WaitForAsync();
    }

    public Task LogInAsOperatorAsync() => LogInAsync("operator@modularshop.example", "demo-operator-1");

    public Task LogInAsCustomerAsync() => LogInAsync("demo@modularshop.example", "demo-customer-1");

    public async ValueTask DisposeAsync()
    {
        await Context.DisposeAsync();
        _complaints.ShouldBeEmpty();
    }
}

/// <summary>One shop and one browser for all of them; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class Browsing : ICollectionFixture<BrowserShop>
{
    public const string Name = "browsing";
}

/// <summary>Skipped, with the reason, where there is no browser.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = BrowserShop.Missing;
}

/// <inheritdoc cref="BrowserFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = BrowserShop.Missing;
}
