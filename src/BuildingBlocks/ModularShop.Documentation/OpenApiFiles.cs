using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace ModularShop.Documentation;

/// <summary>The documents that a running shop has at <c>/openapi</c>.</summary>
internal static class OpenApiFiles
{
    private const string Whole = "shop";

    public static async Task<IReadOnlyList<(string Name, string Text)>> OfAsync(IServiceProvider services, IEnumerable<string> schemas, CancellationToken cancellationToken)
    {
        var files = new List<(string, string)>();
        foreach (var name in schemas.Prepend(Whole))
        {
            var document = await services.GetRequiredKeyedService<IOpenApiDocumentProvider>(name).GetOpenApiDocumentAsync(cancellationToken);
            // An address is of where it runs.
            document.Servers?.Clear();
            files.Add((name, (await document.SerializeAsJsonAsync(OpenApiSpecVersion.OpenApi3_1, cancellationToken)).ReplaceLineEndings("\n").TrimEnd() + "\n"));
        }

        return files;
    }
}
