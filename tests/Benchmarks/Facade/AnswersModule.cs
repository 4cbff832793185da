using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularShop.Modularity.Security;

namespace Benchmarks.Facade;

/// <summary>A module whose one endpoint costs next to nothing, so that what is around it can be seen.</summary>
internal sealed class AnswersModule : IModule
{
    public const string Path = "/api/v1/answers/42";

    private static readonly byte[] Answer = System.Text.Encoding.UTF8.GetBytes($$"""{ "sku": "KIT-0101", "name": "A product of a usual length", "description": "{{new string('x', 500)}}" }""");

    public string Name => "Answers";

    public void AddServices(ModuleBuilder module) => module.AddDatabase<AnswersDbContext>();

    public void MapEndpoints(IEndpointRouteBuilder api) => api.MapGet("{id}", AnswerAsync).WithName("Answers.Get").WithSummary("An answer").ForEveryone();

    public static Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = Answer.Length;
        return http.Response.Body.WriteAsync(Answer, 0, Answer.Length, http.RequestAborted);
    }
}

internal sealed class AnswersDbContext(DbContextOptions<AnswersDbContext> options) : ModuleDbContext(options)
{
    public override string Schema => "answers";
}
