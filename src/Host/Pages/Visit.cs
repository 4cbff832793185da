using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using ModularShop.Modularity.Security;

namespace ModularShop.Host.Pages;

/// <summary>One request for a page: who looks, what they may ask, and what is shown to them.</summary>
public sealed class Visit
{
    private const string NoticeCookie = "shop-notice";

    private const int LongestNotice = 300;

    /// <summary>What is longer is not gone back to: it would be part of an address that is too long itself.</summary>
    private const int LongestReturn = 2000;

    private static readonly TimeSpan NoticeLives = TimeSpan.FromMinutes(1);

    private AntiforgeryTokenSet? _form;

    private Visit(HttpContext http)
    {
        Http = http;
        Api = new ShopApi(http.RequestServices.GetRequiredService<ApiWithin>(), http);
    }

    public HttpContext Http { get; }

    public ShopApi Api { get; }

    public bool IsCustomer => Http.User.IsInRole(Access.Customer);

    public bool IsOperator => Http.User.IsInRole(Access.Operator);

    public bool IsLoggedIn => IsCustomer || IsOperator;

    public string? Name => Http.User.FindFirst("name")?.Value;

    /// <summary>The address of this page, to come back to.</summary>
    public string Here => Http.Request.Path + Http.Request.QueryString;

    /// <summary>The page of the form that was sent, as far as the browser names it; else where it was sent to, which leads there.</summary>
    public string From => Uri.TryCreate(Http.Request.Headers.Referer, UriKind.Absolute, out var from) && from.Authority.Equals(Http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)
        ? from.PathAndQuery : Here;

    /// <summary>Proves to a form's handler that the form was ours; see <see cref="FormToken"/>.</summary>
    public AntiforgeryTokenSet Form => _form ??= Http.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(Http);

    /// <summary>What the last action has to say; shown once.</summary>
    public string? Notice { get; private set; }

    public static ValueTask<Visit?> BindAsync(HttpContext http) => ValueTask.FromResult<Visit?>(Of(http));

    public static Visit Of(HttpContext http)
    {
        if (http.Features.Get<Visit>() is { } visit)
        {
            return visit;
        }

        http.Features.Set(visit = new Visit(http));
        return visit;
    }

    /// <summary>Shows a page.</summary>
    public IResult Show<TPage, TModel>(TModel model, int status = StatusCodes.Status200OK)
        where TPage : Page<TModel>
    {
        if (PageCookies.Of(Http)[NoticeCookie] is { } notice)
        {
            Notice = notice[..Math.Min(notice.Length, LongestNotice)];
            PageCookies.Of(Http).Delete(NoticeCookie);
        }

        // Made while the answer has not begun, for it may set a cookie.
        _ = Form;
        Http.Response.Headers.CacheControl = "no-store";
        return new RazorComponentResult<TPage>(new Dictionary<string, object?>(StringComparer.Ordinal) { [nameof(Page<>.Visit)] = this, [nameof(Page<>.Model)] = model })
        {
            StatusCode = status, PreventStreamingRendering = true,
        };
    }

    /// <summary>After an action, to a page that shows what has become of it; reloading that page does nothing again.</summary>
    /// <param name="to">An address of this site; another one is not gone to.</param>
    public IResult Go(string to, string? notice = null)
    {
        if (notice is not null)
        {
            var expires = Http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() + NoticeLives;
            PageCookies.Of(Http).Set(NoticeCookie, notice[..Math.Min(notice.Length, LongestNotice)], expires);
        }

        return new SeeOther(Local(to));
    }

    /// <summary>An address as it is, where it is one of this site as a header has it; else the first page.</summary>
    public static string Local(string? address) =>
        address is ['/', ..] && !address.StartsWith("//", StringComparison.Ordinal) && address.All(c => c is > ' ' and <= '~' and not '\\') ? address : "/";

    /// <summary>The page to log in at, which leads back.</summary>
    /// <param name="back">Null: to the first page.</param>
    public static string LogInAddress(string? back) => "/login" + ShopApi.Query(("return", back is { Length: <= LongestReturn } ? back : null));

    /// <summary>The browser asks for it with GET, whatever it has just sent.</summary>
    private sealed class SeeOther(string to) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
            httpContext.Response.Headers.Location = to;
            return Task.CompletedTask;
        }
    }
}

/// <summary>A page: what it shows is there before it is drawn.</summary>
public abstract class Page<TModel> : ComponentBase
{
    [Parameter, EditorRequired]
    public required Visit Visit { get; set; }

    [Parameter, EditorRequired]
    public required TModel Model { get; set; }
}

/// <summary>Marks an endpoint as a page, or as the handler of one's form.</summary>
/// <param name="Renews">Whether a session whose access token has ended is renewed for it.</param>
internal sealed record PageMetadata(bool Renews = true);
