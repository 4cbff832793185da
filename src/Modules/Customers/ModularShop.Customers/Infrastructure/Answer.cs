using System.Globalization;

namespace ModularShop.Customers.Infrastructure;

/// <summary>
/// An answer whose changes are saved even where it refuses: a wrong password is counted, a stolen token ends its
/// session. A failed <see cref="Result"/> would save nothing.
/// </summary>
internal sealed record Answer<T>
{
    private Answer(T? value, Error? refusal) => (Value, Refusal) = (value, refusal);

    public T? Value { get; }

    public Error? Refusal { get; }

    public static Answer<T> Of(T value) => new(value, null);

    public static Answer<T> Refused(Error refusal) => new(default, refusal);
}

internal static class Answers
{
    /// <summary>The fact that becomes the header Retry-After, in seconds.</summary>
    public const string RetryAfter = "retryAfter";

    public static Results<TOk, Failure> ToHttp<T, TOk>(this Result<Answer<T>> result, HttpResponse response, Func<T, TOk> ok)
        where TOk : IResult
    {
        if ((result.Error ?? result.Value.Refusal) is not { } error)
        {
            return ok(result.Value.Value!);
        }

        if (error.Facts.TryGetValue(RetryAfter, out var seconds))
        {
            response.Headers.RetryAfter = Convert.ToString(seconds, CultureInfo.InvariantCulture);
        }

        return new Failure(error);
    }

    /// <summary>Tokens are for the client alone: nothing on the way keeps them.</summary>
    public static RouteHandlerBuilder NeverCached(this RouteHandlerBuilder endpoint) => endpoint.AddEndpointFilter(static (context, next) =>
    {
        context.HttpContext.Response.Headers.CacheControl = "no-store";
        return next(context);
    });
}
