using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

namespace ModularShop.Facade;

/// <summary>Sees to it that a write takes place at the owner, though that changes while it is under way.</summary>
/// <remarks>
/// :: Step 1 executes it here. :: Step 2: one that ends without a commit (a refusal, a "not found") may have looked at data that
/// is another's by now, or was for a while; the ownership is read again before it answers. :: Step 3: one that the database refuses, and one that was
/// out of date, has done nothing: it waits, bounded, until the owner is known, :: Step 4 and goes there, or begins anew here.
/// What has committed something is never done again, nor is what came in a stream: 503.
/// </remarks>
internal sealed class WritesAtTheOwner(OwnershipStore store, Ownerships ownerships, WriteTraffic traffic, Deployable here)
{
    /// <summary>Between two attempts where the owner says that it may write and its database that it may not.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>Of every endpoint of a module that changes data.</summary>
    public void Guard(IEndpointConventionBuilder group, LoadedModule module)
    {
        group.Add(builder =>
        {
            if (Writes(builder))
            {
                builder.FilterFactories.Add((_, next) => invocation => CheckAsync(invocation, next, module));
            }
        });
        group.Finally(builder =>
        {
            if (Writes(builder) && builder.RequestDelegate is { } endpoint)
            {
                builder.RequestDelegate = http => http.Features.Get<LocalWrite>() is { } write ? ExecuteAsync(http, write, endpoint) : endpoint(http);
            }
        });
    }

    private static bool Writes(EndpointBuilder builder) =>
        builder.Metadata.OfType<IHttpMethodMetadata>().LastOrDefault() is { } methods && !methods.HttpMethods.All(m => HttpMethods.IsGet(m) || HttpMethods.IsHead(m));

    /// <summary>:: Step 2</summary>
    private async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext invocation, EndpointFilterDelegate next, LoadedModule module)
    {
        var result = await next(invocation);
        var http = invocation.HttpContext;
        if (http.Features.Get<LocalWrite>() is { } write && !write.Commits.Any && !http.Response.HasStarted
            && await store.RefreshAsync(module, http.RequestAborted) is var now && (now.Owner != here.Side || now.Epoch != write.Epoch))
        {
            write.IsOutOfDate = true;
            return Results.Empty;
        }

        return result;
    }

    private async Task ExecuteAsync(HttpContext http, LocalWrite write, RequestDelegate endpoint)
    {
        var module = write.Route.Endpoint.Module;
        using var passage = traffic.Enter(module);
        var isKept = Replay.TryKeepBody(http.Request);
        var headers = http.Response.Headers.ToArray();
        for (var isFirst = true; ; isFirst = false)
        {
            // :: Step 1
            if (await (isFirst ? TryAsync(http, write, endpoint) : TryAnewAsync(http, write, endpoint)))
            {
                return;
            }

            Replay.Restore(http, headers);
            if (write.Commits.Any || !isKept)
            {
                await new Failure(write.Commits.Any ? Interrupted(module) : Moving(module)).ExecuteAsync(http);
                return;
            }

            // :: Step 3
            if (await KnownAsync(write, module, http.RequestAborted) is not { } ownership)
            {
                await new Failure(Moving(module)).ExecuteAsync(http);
                return;
            }

            // :: Step 4
            http.Request.Body.Position = 0;
            http.Response.Headers[FacadeHeaders.AnsweredBy] = write.Route.AnsweredBy(ownership.Owner, ownership.Owner);
            if (ownership.Owner != here.Side)
            {
                await SendAsync(http, write, ownership);
                return;
            }
        }
    }

    /// <summary>False where it has come to nothing.</summary>
    private async Task<bool> TryAsync(HttpContext http, LocalWrite write, RequestDelegate endpoint)
    {
        write.Begin(ownerships.Of(write.Route.Endpoint.Module).Epoch);
        try
        {
            await endpoint(http);
            return !write.IsOutOfDate;
        }
        catch (Exception e) when (e.IsModuleMoved() && !http.Response.HasStarted)
        {
            return false;
        }
    }

    /// <summary>With services of its own: those of the attempt before hold what that has read.</summary>
    private async Task<bool> TryAnewAsync(HttpContext http, LocalWrite write, RequestDelegate endpoint)
    {
        await Task.Delay(Pause, http.RequestAborted);
        var services = http.RequestServices;
        await using var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        try
        {
            return await TryAsync(http, write, endpoint);
        }
        finally
        {
            http.RequestServices = services;
        }
    }

    /// <summary>Null where it stays unknown for as long as a request may wait.</summary>
    private async Task<Ownership?> KnownAsync(LocalWrite write, string module, CancellationToken cancellationToken)
    {
        if (write.Left() == TimeSpan.Zero)
        {
            return null;
        }

        // Who was refused before may have asked already.
        if (ownerships.Of(module).Epoch == write.Epoch)
        {
            await store.RefreshAsync(module, cancellationToken);
        }

        return await ownerships.WaitAsync(module, o => !o.IsFenced, write.Left(), cancellationToken) is { IsFenced: false } known ? known : null;
    }

    private static Task SendAsync(HttpContext http, LocalWrite write, Ownership ownership)
    {
        if (write.Twin is not { } twin)
        {
            http.Features.Set(ownership);
            return RefusedWrite.Endpoint.RequestDelegate!(http);
        }

        http.Features.Set(new ProxiedCall(write.Route, ownership, write.Route.AnsweredBy(ownership.Owner, ownership.Owner)));
        http.SetEndpoint(twin);
        return twin.RequestDelegate!(http);
    }

    public static Error Moving(string module) => FacadeError.Moving.Because(
        $"The data of {module} is being moved, and it took longer than a request waits. Nothing was changed; try again.");

    private static Error Interrupted(string module) => FacadeError.Interrupted.Because(
        $"The data of {module} was moved in the middle of this request, when a part of it was done. Look, or send it again with its idempotency key.");
}
