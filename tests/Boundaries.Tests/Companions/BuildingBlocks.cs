using ModularShop.Boundaries.Engine;
using ModularShop.Boundaries.Rules;
using Mono.Cecil;

namespace Boundaries.Tests.Companions;

public sealed class BuildingBlocksKnowNoModuleTests
{
    private const string Project = "src/BuildingBlocks/ModularShop.Facade/ModularShop.Facade.csproj";

    [Fact]
    public void A_domain_type_in_a_building_block_is_found()
    {
        var contracts = Fixture.Solution.Modules.Single(m => m.Name == "Neighbour").Contracts;
        var facade = Assemblies.WithField("ModularShop.Facade", "Forwarder", contracts.Name, "ModularShop.Neighbour.Contracts", "WidgetSummary");

        Break.Rule<BuildingBlocksKnowNoModule>(Fixture.Solution with { BuildingBlocks = [.. Fixture.Solution.BuildingBlocks, facade], Projects = [] }).ShouldBeExactly(
            ("ModularShop.Facade.Forwarder.field", "refers to ModularShop.Neighbour.Contracts.WidgetSummary of ModularShop.Neighbour.Contracts (field)."));
    }

    [Fact]
    public void A_module_in_the_project_of_a_building_block_is_found() => Break.Rule<BuildingBlocksKnowNoModule>(Fixture.Solution with
    {
        Projects = [ProjectFile.Parse(Project, """<Project><ItemGroup><ProjectReference Include="../../Modules/Neighbour/ModularShop.Neighbour.csproj" /></ItemGroup></Project>""")],
    }).ShouldBeExactly((Project, "refers to the project ModularShop.Neighbour."));
}

public sealed class ModulesKnowNeitherFacadeNorMoveTablesTests
{
    private const string Project = "src/Modules/Broken/ModularShop.Broken/ModularShop.Broken.csproj";

    [Fact]
    public void A_type_of_the_migration_engine_in_a_module_is_found()
    {
        var neighbour = Fixture.Solution.Modules.Single(m => m.Name == "Neighbour");
        var engine = new AssemblyNameReference("ModularShop.MoveTables", new Version(1, 0));
        var code = Assemblies.WithField("ModularShop.Neighbour", "Mover", engine, "ModularShop.MoveTables", "Workflow");

        Break.Rule<ModulesKnowNeitherFacadeNorMoveTables>(new Solution { Modules = [neighbour with { Code = code }] }).ShouldBeExactly(
            ("ModularShop.Neighbour.Mover.field", "refers to ModularShop.MoveTables.Workflow of ModularShop.MoveTables (field)."));
    }

    [Fact]
    public void The_facade_in_the_project_of_a_module_is_found() => Break.Project<ModulesKnowNeitherFacadeNorMoveTables>(
        Project, """<Project><ItemGroup><ProjectReference Include="$(BuildingBlocks)ModularShop.Facade/ModularShop.Facade.csproj" /></ItemGroup></Project>""")
        .ShouldBeExactly((Project, "refers to the project ModularShop.Facade."));

    [Fact]
    public void Modules_that_know_neither_are_let_be() => Break.Rule<ModulesKnowNeitherFacadeNorMoveTables>().ShouldBeEmpty();
}

/// <summary>Assemblies that no project could build: their references do not exist, or would go round in circles.</summary>
internal static class Assemblies
{
    public static AssemblyDefinition WithField(string name, string type, AssemblyNameReference reference, string fieldNamespace, string fieldType)
    {
        var assembly = AssemblyDefinition.CreateAssembly(new AssemblyNameDefinition(name, new Version(1, 0)), name, ModuleKind.Dll);
        var module = assembly.MainModule;
        var holder = new TypeDefinition(name, type, TypeAttributes.Class, module.TypeSystem.Object);
        holder.Fields.Add(new FieldDefinition("field", FieldAttributes.Private, new TypeReference(fieldNamespace, fieldType, module, reference)));
        module.Types.Add(holder);
        return assembly;
    }
}
