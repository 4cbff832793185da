using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Modularity.Peers;

/// <summary>Endpoints that are for other deployables; to everybody else they are not there.</summary>
internal sealed record PeersOnly
{
    public static readonly PeersOnly Metadata = new();
}

internal static class PeerServices
{
    /// <summary>Whatever is below it is for peers.</summary>
    private static readonly PathString Internal = "/internal";

    public static void AddPeers(this WebApplicationBuilder builder, Deployable here)
    {
        var services = builder.Services;
        services.AddSettings<PeerOptions>("Peers");
        services.AddSingleton<IValidateOptions<PeerOptions>, PeerRules>();
        services.AddSingleton<PeerCertificates>();
        services.TryAddSingleton<IPeerAddresses, ConfiguredAddresses>();
        services.AddSingleton(p => new PeerClients(
            p.GetRequiredService<Deployable>(), p.GetRequiredService<PeerCertificates>(), p.GetRequiredService<IPeerAddresses>(), p.GetRequiredService<IOptions<PeerOptions>>(),
            p.GetRequiredService<IHostEnvironment>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<PeerClients>>()));
        if (builder.Configuration["Peers:Listen"] is { Length: > 0 } listen)
        {
            PeerListener.AddTo(builder, listen, isPublic: here.Side is Owner.Monolith);
        }
    }

    /// <summary>Before routing: says who a peer in clear text is, and that there is nothing below <c>/internal/</c> for anybody else; a peer's deadline is that of its request.</summary>
    public static void UsePeers(this WebApplication app) => app.Use(static (context, next) =>
    {
        var peer = context.Features.Get<IPeerConnection>();
        if (peer is null && context.Request.Path.StartsWithSegments(Internal, StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        if (ReferenceEquals(peer, PeerConnection.Unnamed) && context.Request.Headers[PeerConnection.NameHeader] is [{ Length: > 0 } name])
        {
            context.Features.Set<IPeerConnection>(new PeerConnection(name));
        }

        return peer is not null && CallersDeadline.Of(context.Request) is { } left ? CallersDeadline.KeepAsync(context, left, next) : next(context);
    });

    /// <summary>After routing: to everybody else an endpoint for peers is not there.</summary>
    public static void HidePeerEndpoints(this WebApplication app) => app.Use(static (context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<PeersOnly>() is not null && context.Features.Get<IPeerConnection>() is null)
        {
            context.SetEndpoint(null);
        }

        return next(context);
    });
}
