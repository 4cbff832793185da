using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Domain;

namespace ModularShop.Modularity.Http;

/// <summary>
/// An expected failure as RFC 9457 problem details: <c>code</c> is stable, <c>detail</c> is for people,
/// <c>errors</c> names the fields that are wrong, <c>traceId</c> finds the request in the traces.
/// </summary>
public sealed class Failure(Error error) : IResult, IStatusCodeHttpResult, IValueHttpResult<ProblemDetails>, IEndpointMetadataProvider
{
    public Error Error => error;

    public int? StatusCode => error.Status;

    public ProblemDetails Value => Problems.Of(error);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ProblemDetails), ["application/problem+json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (httpContext.Features.Get<IFailurePage>() is { } page)
        {
            return page.ShowAsync(httpContext, error);
        }

        httpContext.Response.StatusCode = error.Status;
        if (error.Status is StatusCodes.Status503ServiceUnavailable)
        {
            httpContext.Response.Headers.RetryAfter = "1";
        }

        // To a client that accepts no JSON who draws pages or names statuses says something.
        return httpContext.RequestServices.GetRequiredService<IProblemDetailsService>()
            .TryWriteAsync(new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = Value }).AsTask();
    }
}

/// <summary>A feature of requests of people: what is refused is shown to them as a page.</summary>
public interface IFailurePage
{
    Task ShowAsync(HttpContext http, Error error);
}

/// <summary>The failures an endpoint can answer with, each a documented response.</summary>
public sealed record FailureMetadata(IReadOnlyList<string> Codes);

public static class Outcomes
{
    /// <summary>The success as the endpoint wants it, or the failure as problem details.</summary>
    public static Results<TOk, Failure> ToHttp<T, TOk>(this Result<T> result, Func<T, TOk> ok)
        where TOk : IResult =>
        result.Error is { } error ? new Failure(error) : ok(result.Value);

    /// <inheritdoc cref="ToHttp{T,TOk}(Result{T},Func{T,TOk})"/>
    public static Results<NoContent, Failure> ToHttp(this Result result) =>
        result.Error is { } error ? new Failure(error) : TypedResults.NoContent();

    /// <summary>Declares the expected failures of an endpoint, for its OpenAPI description and for the tests.</summary>
    public static RouteHandlerBuilder Fails(this RouteHandlerBuilder endpoint, params Enum[] codes)
    {
        foreach (var status in codes.Select(c => c.Status()).Distinct().Where(s => s != StatusCodes.Status400BadRequest))
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint.WithMetadata(new FailureMetadata([.. codes.Select(c => c.Code())]));
    }
}
