using FluentValidation;
using MediatR;
using ModularShop.Modularity.Domain;

namespace ModularShop.Modularity.Pipeline;

/// <summary>Runs every validator of the request and reports all that is wrong at once.</summary>
internal sealed class ValidationBehavior<TRequest, TOutcome>(IEnumerable<IValidator<TRequest>> validators) : IPipelineBehavior<TRequest, TOutcome>
    where TRequest : IRequest<TOutcome>
    where TOutcome : IOutcome<TOutcome>
{
    public async Task<TOutcome> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TOutcome> next)
    {
        Dictionary<string, string[]>? fields = null;
        foreach (var validator in validators)
        {
            var result = await validator.ValidateAsync(request, cancellationToken);
            if (!result.IsValid)
            {
                fields ??= new Dictionary<string, string[]>(StringComparer.Ordinal);
                foreach (var group in result.Errors.GroupBy(e => Path(e.PropertyName), StringComparer.Ordinal))
                {
                    fields[group.Key] = [.. fields.GetValueOrDefault(group.Key, []), .. group.Select(e => e.ErrorMessage)];
                }
            }
        }

        return fields is null
            ? await next()
            : TOutcome.Failed(RequestError.Invalid.Because("The request is not valid; 'errors' says what is wrong with which field.") with { Fields = fields });
    }

    /// <summary>The name the client sent: <c>Lines[0].Quantity</c> is <c>lines[0].quantity</c>.</summary>
    private static string Path(string property) =>
        string.Join('.', property.Split('.').Select(System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName));
}
