using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Facade;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;
using Route = ModularShop.Facade.Route;

namespace Modules.Tests.Facade;

/// <summary>Writes that end without a commit, while the data changes its owner.</summary>
public sealed class WritesAtTheOwnerTests(ShopFixture shop) : IClassFixture<ShopFixture>
{
    [Fact]
    public async Task What_was_not_found_while_the_data_was_elsewhere_for_a_moment_is_looked_for_again()
    {
        var looked = 0;
        var answer = await AnswerAsync(async () =>
        {
            if (++looked > 1)
            {
                return Results.NoContent();
            }

            // It looks at data that is not that of now, and goes on when it is again.
            await ThereAndBackAsync();
            return Results.NotFound();
        });
        (answer, looked).ShouldBe((204, 2));
    }

    [Fact]
    public async Task What_is_not_found_in_data_that_stays_is_told_at_once()
    {
        var looked = 0;
        var answer = await AnswerAsync(() =>
        {
            looked++;
            return Task.FromResult(Results.NotFound());
        });
        (answer, looked).ShouldBe((404, 1));
    }

    private async Task<int> AnswerAsync(Func<Task<IResult>> endpoint)
    {
        var builder = WebApplication.CreateBuilder();
        await using var app = builder.Build();
        var group = app.MapGroup("");
        shop.Services.GetRequiredService<WritesAtTheOwner>().Guard(group, shop.Services.GetRequiredService<ModuleRegistry>()["Catalog"]);
        group.MapPut("/thing", endpoint);
        var guarded = ((IEndpointRouteBuilder)app).DataSources.SelectMany(s => s.Endpoints).Single();

        var http = new DefaultHttpContext { RequestServices = app.Services };
        http.Request.Method = HttpMethods.Put;
        var put = new FacadeEndpoint(0, "Catalog.Put", "Catalog", "/thing", [HttpMethods.Put]);
        http.Features.Set(new LocalWrite(new Route(put, RouteDefinition.AtMonolith, revision: 1, shadow: null, rollout: null), twin: null, TimeSpan.FromSeconds(10)));
        await guarded.RequestDelegate!(http);
        return http.Response.StatusCode;
    }

    /// <summary>By another process: what is committed is not the request's.</summary>
    private Task ThereAndBackAsync()
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(shop.MoveThereAndBackAsync);
        }
    }
}
