using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Security;

namespace Modules.Tests.Documents;

/// <summary>A module that has left the host lets in what it let in before: its manifest makes endpoints like its own.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
[Collection(Shop.Name)]
public sealed class ManifestTests(ShopFixture shop)
{
    [Theory]
    [InlineData("Catalog")]
    [InlineData("Ordering")]
    [InlineData("Payments")]
    [InlineData("Shipping")]
    [InlineData("Customers")]
    public async Task The_endpoints_of_a_manifest_have_the_addresses_rights_and_limits_of_the_modules_own(string module)
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();
        foreach (var endpoint in ModuleManifest.In(Assembly.Load($"ModularShop.{module}.Contracts"))!.Endpoints)
        {
            endpoint.Map(app, _ => Task.CompletedTask);
        }

        var made = All(((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints), module);
        var own = All(shop.Services.GetRequiredService<EndpointDataSource>().Endpoints, module);
        own.Count.ShouldBeGreaterThan(3);
        made.Where(e => own.ContainsKey(e.Key)).ShouldBe(own, ignoreOrder: true);
        // What is there besides is for operators, but for the document.
        made.Where(e => !own.ContainsKey(e.Key)).ShouldAllBe(e => e.Value.Contains("operator", StringComparison.Ordinal) || e.Key == $"{module}.ReadDocument");
    }

    [Fact]
    public void Rights_that_a_manifest_cannot_say_are_refused()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.MapGet("/", () => "").WithName("Catalog.Odd").RequireAuthorization(policy => policy.RequireClaim("odd"));
        var endpoint = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().Single();
        Should.Throw<InvalidOperationException>(() => ManifestEndpoint.Of(endpoint)).Message.ShouldContain("cannot be said in a manifest");
        Should.Throw<InvalidOperationException>(() => new ManifestEndpoint("Catalog.Odd", ["GET"], "/", ["everyone", "operator"], null, null, null).Map(app, _ => Task.CompletedTask))
            .Message.ShouldContain("nobody that is known here");
    }

    /// <summary>All that decides whether a request gets in, as text.</summary>
    private static Dictionary<string, string> All(IEnumerable<Endpoint> endpoints, string module) => endpoints.OfType<RouteEndpoint>()
        .Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName.StartsWith($"{module}.", StringComparison.Ordinal) == true)
        .ToDictionary(
            e => e.Metadata.GetRequiredMetadata<IEndpointNameMetadata>().EndpointName,
            e => string.Join(
                "; ",
                string.Join(',', e.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods),
                e.RoutePattern.RawText,
                e.Metadata.GetMetadata<IAllowAnonymous>() is not null,
                e.Metadata.Contains(StaleTokens.Metadata),
                string.Join(',', e.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => $"{a.Policy}/{a.Roles}")),
                string.Join(',', e.Metadata.GetOrderedMetadata<AuthorizationPolicy>().SelectMany(p => p.Requirements).OfType<RolesAuthorizationRequirement>().SelectMany(r => r.AllowedRoles)),
                e.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName,
                e.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize),
            StringComparer.Ordinal);
}
