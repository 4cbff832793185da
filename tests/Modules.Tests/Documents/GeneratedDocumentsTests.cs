using Microsoft.Extensions.DependencyInjection;
using ModularShop.Documentation;

namespace Modules.Tests.Documents;

/// <summary>What <c>./shop docs</c> writes, against docs/generated and against changes of it.</summary>
[Trait(RunOnly.Trait, RunOnly.Once)]
[Collection(Shop.Name)]
public sealed class GeneratedDocumentsTests(ShopFixture shop)
{
    private static readonly string Folder = Path.Combine(Repository.Root, "docs", "generated");

    [Fact]
    public async Task The_documents_say_what_the_code_says() =>
        (await StaleAsync(Folder)).ShouldBeEmpty("they are written by './shop docs'");

    [Fact]
    public async Task Documents_that_are_changed_missing_or_of_nothing_are_named()
    {
        var copy = Directory.CreateTempSubdirectory("modularshop-docs-").FullName;
        foreach (var file in Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }

        await File.AppendAllTextAsync(Path.Combine(copy, "modules", "Catalog.md"), "by hand");
        File.Delete(Path.Combine(copy, "routing.md"));
        await File.WriteAllTextAsync(Path.Combine(copy, "modules", "Gone.md"), "");
        (await StaleAsync(copy)).ShouldBe(["modules/Catalog.md", "modules/Gone.md", "routing.md"]);
        Directory.Delete(copy, recursive: true);
    }

    private Task<IReadOnlyList<string>> StaleAsync(string folder) => shop.Services.GetRequiredService<GeneratedDocuments>().StaleAsync(folder, CancellationToken.None);
}
