using ModularShop.Boundaries.Engine;

namespace Boundaries.Tests;

public sealed class ArchitectureTests
{
    public static TheoryData<string> Rules => [.. AllRules.Instances.Select(r => r.GetType().Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_shop_keeps(string rule)
    {
        var violations = AllRules.Instances.Single(r => r.GetType().Name == rule).Check(Solution.Shop);

        Assert.True(violations.Count == 0, AllRules.Describe(violations));
    }

    [Fact]
    public void Every_module_in_the_tree_is_looked_at()
    {
        var folders = Solution.ModuleFolders(Solution.Root).Select(Path.GetFileName).ToList();

        Solution.Shop.Modules.Select(m => m.Name).ShouldBe(folders!);
        Solution.Shop.Modules.ShouldAllBe(m => m.Loaded.GetName().Name == $"ModularShop.{m.Name}" && m.Contracts.Name.Name == $"ModularShop.{m.Name}.Contracts");
        foreach (var module in Solution.Shop.Modules.Where(m => m.Loaded.GetType($"{m.AssemblyName}.{m.Name}Module") is not null))
        {
            EfModels.Of(module).Count(m => m.Model is not null).ShouldBe(3, $"{module.Name}: one DbContext, three providers.");
            References.Of(module.Code).Count.ShouldBeGreaterThan(100, module.Name);
        }

        Solution.Shop.BuildingBlocks.ShouldContain(b => b.Name.Name == "ModularShop.Modularity");
        Solution.Shop.Sources.ShouldContain(s => s.Path == "tests/Boundaries.Tests/ArchitectureTests.cs");
        Solution.Shop.Projects.ShouldContain(p => p.Path == "Directory.Build.props");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_rule_has_a_companion_that_shows_it_broken(string rule)
    {
        var companion = typeof(ArchitectureTests).Assembly.GetType($"Boundaries.Tests.Companions.{rule}Tests");

        companion.ShouldNotBeNull($"Add Companions: class {rule}Tests, with a fixture that breaks the rule and is caught.");
        companion.GetMethods().ShouldContain(m => m.IsDefined(typeof(FactAttribute), true));
    }
}
