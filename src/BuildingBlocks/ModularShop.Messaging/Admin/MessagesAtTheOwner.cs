using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;
using ModularShop.Modularity.Pipeline;

namespace ModularShop.Messaging;

/// <summary>
/// A module's messages are with its data. Where that is in its service's own database, the service is asked, with the
/// operator's own token: what is in the host's tables is a copy at most, which nobody may change.
/// </summary>
internal sealed class MessagesAtTheOwner : IEndpointFilter
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var services = http.RequestServices;
        if (services.GetRequiredService<ModuleRegistry>().Find($"{http.GetRouteValue("module")}") is not { Name: var module }
            || services.GetRequiredService<Deployable>().Side is Owner.Service
            || services.GetRequiredService<Replicas>().PlaceOf(module) is not (DataPlace.Replica or DataPlace.Retired))
        {
            return await next(context);
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        limit.CancelAfter(Patience);
        try
        {
            var service = services.GetRequiredService<PeerClients>().For(module);
            using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), new Uri($"{http.Request.Path}{http.Request.QueryString}"[1..], UriKind.Relative))
            {
                Version = service.DefaultRequestVersion, VersionPolicy = service.DefaultVersionPolicy,
            };
            request.Headers.TryAddWithoutValidation("Authorization", http.Request.Headers.Authorization.ToString());
            request.Content = context.Arguments.FirstOrDefault(a => a is RetryRequest or EditRequest or DiscardRequest) is { } body ? JsonContent.Create(body, body.GetType()) : null;
            using var answer = await service.SendAsync(request, limit.Token);
            http.Response.StatusCode = (int)answer.StatusCode;
            http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
            await answer.Content.CopyToAsync(http.Response.Body, limit.Token);
            return Results.Empty;
        }
        catch (Exception e) when (!http.Response.HasStarted && (e is HttpRequestException || (e is OperationCanceledException && !http.RequestAborted.IsCancellationRequested)))
        {
            return new Failure(RequestError.Unavailable.Because($"The messages of {module} are in its service's database, and the service does not answer: {e.GetBaseException().Message}"));
        }
    }
}
