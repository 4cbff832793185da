namespace Modules.Tests.Catalog;

[Collection(Shop.Name)]
public sealed class CategoryTests(ShopFixture shop)
{
    private static readonly Uri Categories = new("/api/v1/catalog/categories", UriKind.Relative);

    private readonly string _root = $"r{Guid.CreateVersion7():N}";

    [Fact]
    public async Task A_path_is_made_of_the_names()
    {
        using var operators = shop.Operator();
        (await CreateAsync(operators, _root)).ShouldBe(_root);
        (await CreateAsync(operators, " Knives & Tools ", $"/{_root}/")).ShouldBe($"{_root}/knives-tools");
        (await CreateAsync(operators, "Çédille/Straße", $"{_root}/Knives & Tools")).ShouldBe($"{_root}/knives-tools/cedille-strasse");
    }

    [Fact]
    public async Task The_tree_counts_what_is_on_sale_below_each_category()
    {
        await shop.AddProductAsync(category: $"{_root}/a");
        await shop.AddProductAsync(category: $"{_root}/a/deep");
        var gone = await shop.AddProductAsync(category: $"{_root}/b");
        using var operators = shop.Operator();
        await operators.PostAsync(new Uri($"{CatalogShop.Products}/{gone}/discontinue", UriKind.Relative), null).ShouldHaveStatusAsync(204);

        using var anyone = shop.Anonymous();
        var tree = (await anyone.GetAsync(Categories).ShouldBeAsync(200))["items"]!.AsArray().Single(c => c!["path"]!.GetValue<string>() == _root)!;
        tree["products"]!.GetValue<int>().ShouldBe(2);
        tree["children"]!.AsArray().Select(c => (c!["path"]!.GetValue<string>(), c["products"]!.GetValue<int>())).ShouldBe([($"{_root}/a", 2), ($"{_root}/b", 0)]);
        tree["children"]![0]!["children"]!.AsArray().ShouldHaveSingleItem()!["products"]!.GetValue<int>().ShouldBe(1);
        (await anyone.AllPagesAsync($"category={_root}/a")).Count.ShouldBe(2);
        (await anyone.AllPagesAsync($"category={_root}/a/deep")).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_renamed_category_keeps_its_path()
    {
        using var operators = shop.Operator();
        await shop.AddCategoryAsync($"{_root}/child");
        await operators.PutAsJsonAsync($"{Categories}/{_root}/child", new { name = "Kind" }).ShouldHaveStatusAsync(204);
        var tree = await operators.GetAsync(Categories).ShouldBeAsync(200);
        var child = tree["items"]!.AsArray().Single(c => c!["path"]!.GetValue<string>() == _root)!["children"]![0]!;
        (child["name"]!.GetValue<string>(), child["path"]!.GetValue<string>()).ShouldBe(("Kind", $"{_root}/child"));
        await operators.PutAsJsonAsync($"{Categories}/{_root}/nope", new { name = "Kind" }).ShouldFailAsync(404, "catalog.category_not_found");
    }

    [Fact]
    public async Task What_cannot_be_a_category_is_refused_with_the_reason()
    {
        using var operators = shop.Operator();
        await shop.AddCategoryAsync(_root);
        await operators.PostAsJsonAsync(Categories, new { name = _root.ToUpperInvariant() }).ShouldFailAsync(409, "catalog.category_exists");
        await operators.PostAsJsonAsync(Categories, new { name = "x", parentPath = "nope" }).ShouldFailAsync(422, "catalog.unknown_category");
        await operators.PostAsJsonAsync(Categories, new { name = "&&&" }).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(Categories, new { name = "" }).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(Categories, new { name = new string('x', 101) }).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(Categories, new { name = new string('x', 1024 * 1024) }).ShouldFailAsync(400, "request.invalid");
        await operators.PostAsJsonAsync(Categories, new { name = 7 }).ShouldFailAsync(400, "request.malformed");
        await shop.AddCategoryAsync($"{_root}/2/3/4/5/6");
        await operators.PostAsJsonAsync(Categories, new { name = "7", parentPath = $"{_root}/2/3/4/5/6" }).ShouldFailAsync(422, "catalog.category_too_deep");
    }

    [Fact]
    public async Task Of_two_at_once_one_creates_the_category()
    {
        using var operators = shop.Operator();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => operators.PostAsJsonAsync(Categories, new { name = _root })));
        answers.Count(a => (int)a.StatusCode == 201).ShouldBe(1);
        answers.Count(a => (int)a.StatusCode == 409).ShouldBe(7);
    }

    private static async Task<string> CreateAsync(HttpClient operators, string name, string? parentPath = null) =>
        (await operators.PostAsJsonAsync(Categories, new { name, parentPath }).ShouldBeAsync(201))["path"]!.GetValue<string>();
}
