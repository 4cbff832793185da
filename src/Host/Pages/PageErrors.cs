using Microsoft.AspNetCore.Antiforgery;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;

namespace ModularShop.Host.Pages;

/// <summary>To people with a browser a failure is a page; to programs it stays problem details.</summary>
internal static partial class PageErrors
{
    private static readonly PathString[] ForPrograms = ["/api", "/internal", "/health", "/openapi", "/jobs"];

    public static void UsePageErrors(this IApplicationBuilder app) => app.Use(static async (http, next) =>
    {
        if (!IsForPeople(http.Request))
        {
            await ForProgramAsync(http, next);
            return;
        }

        http.Features.Set<IFailurePage>(FailurePage.Instance);
        Failed? failed = null;
        try
        {
            await next(http);
            if (http.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
            {
                failed = Of(http.Response.StatusCode, detail: null);
            }
        }
        catch (Exception e) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            failed = Of(e);
            if (failed.Status == StatusCodes.Status500InternalServerError)
            {
                PageFailed(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(PageErrors)), e, http.Request.Method, http.Request.Path);
            }
        }

        if (failed is not null)
        {
            await ShowAsync(http, failed);
        }
    });

    public static bool IsForPeople(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) && !ForPrograms.Any(p => request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));

    /// <summary>Who asks for a page without saying that it is to be one is told with a status that the API refused it; the rest is as everywhere.</summary>
    private static async Task ForProgramAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (Exception e) when (e is ApiRefusedException or TimeoutException && !http.Response.HasStarted && http.GetEndpoint()?.Metadata.GetMetadata<PageMetadata>() is not null)
        {
            var failed = Of(e);
            http.Response.Clear();
            SecurityHeaders.SetForClient(http);
            SetRetryAfter(http, failed);
            http.Response.StatusCode = failed.Status;
        }
    }

    private static Failed Of(Exception exception) => exception switch
    {
        ApiRefusedException refused => Of(refused.Problem.Status, refused.Problem.Detail),
        BadHttpRequestException { InnerException: AntiforgeryValidationException } or AntiforgeryValidationException => new Failed(
            400, "This form is not good any more", "It was opened before you logged in or out, too long ago, or by another site. Nothing was done. Go back, load the page anew, and try again."),
        BadHttpRequestException bad => Of(bad.StatusCode, detail: null),
        TimeoutException => Of(StatusCodes.Status503ServiceUnavailable, "There was no answer in time."),
        ModuleUnavailableException => Of(StatusCodes.Status503ServiceUnavailable, detail: null),
        _ => Of(StatusCodes.Status500InternalServerError, detail: null),
    };

    private static Failed Of(int status, string? detail) => status switch
    {
        400 or 422 => new Failed(status, "That cannot be understood", detail ?? "Something in the address or the form is not as it should be."),
        401 => new Failed(status, "Please log in", detail ?? "This page is for somebody who is logged in."),
        403 => new Failed(status, "This is not for you", "Your account may not see this page. Log in with another one if you have it."),
        404 or 405 => new Failed(404, "There is nothing here", detail ?? "The address may be old, or mistyped."),
        409 => new Failed(status, "Something has changed meanwhile", detail ?? "Load the page anew and look again."),
        413 or 414 => new Failed(status, "That is too long", detail ?? "Shorten it and try again."),
        429 => new Failed(status, "Too many requests", "Please wait a minute, then try again."),
        502 or 503 or 504 => new Failed(status, "A moment, please", detail ?? "Part of the shop does not answer just now. Nothing is lost; try again in a moment."),
        _ => new Failed(500, "Something went wrong here", "It is not your fault, and it has been noted."),
    };

    private static async Task ShowAsync(HttpContext http, Failed failed)
    {
        var connection = http.Response.Headers.Connection;
        http.Response.Clear();
        // Where it is in doubt where the request ends, the connection does.
        http.Response.Headers.Connection = connection;
        SecurityHeaders.SetForClient(http);
        PageEndpoints.SetPolicy(http);
        var visit = Visit.Of(http);
        if (failed.Status == StatusCodes.Status401Unauthorized)
        {
            await visit.Go(Visit.LogInAddress(HttpMethods.IsGet(http.Request.Method) ? visit.Here : visit.From)).ExecuteAsync(http);
            return;
        }

        SetRetryAfter(http, failed);
        await visit.Show<ErrorPage, Failed>(failed, failed.Status).ExecuteAsync(http);
    }

    private static void SetRetryAfter(HttpContext http, Failed failed)
    {
        if (failed.Status is 429 or 503)
        {
            http.Response.Headers.RetryAfter = "2";
        }
    }

    private sealed class FailurePage : IFailurePage
    {
        public static readonly FailurePage Instance = new();

        Task IFailurePage.ShowAsync(HttpContext http, Error error) => PageErrors.ShowAsync(http, Of(error.Status, error.Detail));
    }

    [LoggerMessage(1102, LogLevel.Error, "The page of {Method} {Path} failed")]
    private static partial void PageFailed(ILogger logger, Exception exception, string method, string path);
}

/// <param name="Detail">What it is about, and what to do.</param>
public sealed record Failed(int Status, string Title, string Detail);
