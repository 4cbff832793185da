using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Http;

namespace ModularShop.Documentation;

public static class DocumentationServices
{
    /// <summary>With <c>--docs</c> the program writes documents about itself into <c>Docs:Folder</c> and ends; with <c>Docs:Check</c> it names those that are stale.</summary>
    public static WebApplicationBuilder AddDocumentation(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<GeneratedDocuments>();
        builder.Services.AddSingleton(p => new HostCommand(
            HostCommand.Docs, token => p.GetRequiredService<GeneratedDocuments>().RunAsync(p.GetRequiredService<IConfiguration>().GetSection("Docs"), token)));
        return builder;
    }
}
