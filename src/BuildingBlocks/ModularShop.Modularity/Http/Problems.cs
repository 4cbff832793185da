using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Pipeline;

namespace ModularShop.Modularity.Http;

internal static class Problems
{
    public static ProblemDetails Of(Error error)
    {
        var problem = new ProblemDetails
        {
            Status = error.Status,
            Title = ReasonPhrases.GetReasonPhrase(error.Status),
            Detail = error.Detail,
            Extensions = { ["code"] = error.Code },
        };
        if (error.Fields.Count > 0)
        {
            problem.Extensions["errors"] = error.Fields;
        }

        foreach (var (name, value) in error.Facts)
        {
            problem.Extensions[name] = value;
        }

        return problem;
    }

    /// <summary>What the framework itself refuses gets a code and a sentence too.</summary>
    public static void Complete(ProblemDetailsContext context)
    {
        var problem = context.ProblemDetails;
        problem.Type = null;
        problem.Extensions["traceId"] = Activity.Current?.TraceId.ToString() ?? context.HttpContext.TraceIdentifier;
        if (problem.Extensions.ContainsKey("code"))
        {
            return;
        }

        var error = problem.Status switch
        {
            401 => RequestError.Unauthenticated.Because("This needs a valid access token: log in, or refresh an expired token."),
            403 => RequestError.Forbidden.Because("Your role does not allow this."),
            404 => RequestError.NotFound.Because("There is nothing at this address."),
            405 => RequestError.MethodNotAllowed.Because("This address does not take that method."),
            413 => RequestError.TooLarge.Because("The request is larger than this endpoint takes."),
            415 => RequestError.UnsupportedMediaType.Because("Send the body with the media type the endpoint documents."),
            429 => RequestError.TooManyRequests.Because("Too many requests; wait for as long as Retry-After says."),
            >= 500 => RequestError.Unexpected.Because("Something went wrong here; nothing about the request was at fault. The trace id finds it in the logs."),
            _ => RequestError.Malformed.Because(problem.Detail ?? "The request cannot be read."),
        };
        problem.Detail = error.Detail;
        problem.Extensions["code"] = error.Code;
    }
}

/// <summary>Turns what escapes an endpoint into problem details. No message of an exception reaches a client.</summary>
internal sealed class ExceptionToProblem(IProblemDetailsService problems, ILogger<ExceptionToProblem> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception.IsCancelled(httpContext.RequestAborted))
        {
            return true;
        }

        var error = exception switch
        {
            BadHttpRequestException { InnerException: JsonException json } => Malformed(json),
            BadHttpRequestException { StatusCode: 413 } => RequestError.TooLarge.Because("The request is larger than this endpoint takes."),
            BadHttpRequestException { StatusCode: 415 } => RequestError.UnsupportedMediaType.Because("Send the body with the media type the endpoint documents."),
            BadHttpRequestException bad => RequestError.Malformed.Because(bad.Message),
            ModuleUnavailableException unavailable => unavailable.ToError(),
            NotReadyException => RequestError.Unavailable.Because("This service is starting and cannot do this yet. Nothing was changed; try again."),
            _ when exception.IsModuleMoved() => RequestError.Unavailable.Because("The data that this would change is being moved to another database. Nothing was changed; try again."),
            _ when exception.IsOutcomeUnknown() => RequestError.OutcomeUnknown.Because(
                "The database was told to keep this and did not answer. Whether it did is not known: look, or send the request again with its idempotency key."),
            _ when exception.IsDatabaseUnavailable() => RequestError.Unavailable.Because(
                "The database does not answer or takes no writes at the moment. Nothing was changed; try again."),
            _ => RequestError.Unexpected.Because("Something went wrong here; nothing about the request was at fault. The trace id finds it in the logs."),
        };
        if (error.Status >= 500 && exception is not ModuleUnavailableException && !exception.IsModuleMoved()) // told where it was asked, or no fault
        {
            HttpLog.Failed(logger, exception, httpContext.Request.Method, httpContext.Request.Path, error.Code);
        }

        // All headers have been cleared.
        SecurityHeaders.SetForClient(httpContext);
        httpContext.Response.StatusCode = error.Status;
        if (error.Status is StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "1";
        }

        return await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = Problems.Of(error) });
    }

    private static Error Malformed(JsonException exception)
    {
        var path = string.IsNullOrEmpty(exception.Path) || exception.Path == "$" ? "the body" : $"'{exception.Path.TrimStart('$', '.')}'";
        var where = exception.LineNumber is { } line ? $" (line {line + 1}, byte {exception.BytePositionInLine + 1})" : "";
        return RequestError.Malformed.Because($"The JSON cannot be read at {path}{where}: not valid JSON, an unknown field, or a value of another type than documented.");
    }
}

internal static partial class HttpLog
{
    [LoggerMessage(1101, LogLevel.Error, "{Method} {Path} failed: {Code}")]
    public static partial void Failed(ILogger logger, Exception exception, string method, string path, string code);
}
