using ModularShop.Boundaries.Engine;
using ModularShop.Boundaries.Rules;

namespace Boundaries.Tests.Companions;

public sealed class ModulesUseOnlyContractsOfOthersTests
{
    private const string Here = "ModularShop.Broken.ForeignReferences.";

    /// <summary>Each is a type of the fixture that mentions the neighbour in no other way.</summary>
    [Theory]
    [InlineData("ByBaseType", "WidgetPart", "base type")]
    [InlineData("ByInterface", "IWidgetRule", "interface")]
    [InlineData("ByTypeArgumentOfBase", "Widget", "base type")]
    [InlineData("ByConstraint`1", "WidgetPart", "constraint of T")]
    [InlineData("ByAttribute", "MarkedAttribute", "attribute")]
    [InlineData("ByArgumentOfAttribute", "Widget", "argument of [TypeConverterAttribute]")]
    [InlineData("ByAttributeOfParameter.Do", "MarkedAttribute", "attribute")]
    [InlineData("ByField.Widget", "Widget", "field")]
    [InlineData("ByProperty.Widgets", "Widget", "field")]
    [InlineData("ByEvent.Changed", "Widget", "event")]
    [InlineData("ByReturnType.Find", "Widget", "return type")]
    [InlineData("ByParameter.Do", "Widget", "parameter")]
    [InlineData("ByLocalVariable.Do", "Widget", "local variable")]
    [InlineData("ByLocalVariableOfAsync.widget", "Widget", "field")]
    [InlineData("ByCapture.captured", "Widget", "field")]
    [InlineData("ByCaughtException.Do", "WidgetException", "caught exception")]
    [InlineData("ByTypeof.Do", "Widget", "typeof")]
    [InlineData("ByTest.Do", "Widget", "cast, test or creation")]
    [InlineData("ByEnum.Do", "Finish", "local variable")]
    [InlineData("ByCall.Do", "WidgetPart", "call of Find")]
    [InlineData("ByStaticField.Do", "WidgetPart", "field Count")]
    [InlineData("ByTypeArgumentOfCall.Do", "Widget", "type argument of Empty")]
    [InlineData("ByDelegate.Do", "WidgetPart", "call of Find")]
    public void A_foreign_type_is_found_wherever_it_is_mentioned(string where, string type, string role)
    {
        var violations = Break.Rule<ModulesUseOnlyContractsOfOthers>();

        violations.ShouldContain(v => v.Where == Here + where
            && v.What == $"refers to ModularShop.Neighbour.Domain.{type} of ModularShop.Neighbour ({role}).");
    }

    [Fact]
    public void A_message_names_the_way_out() => Break.Rule<ModulesUseOnlyContractsOfOthers>().First(v => v.Where == Here + "ByCall.Do").Instead
        .ShouldBe("ask INeighbourApi or handle an event of ModularShop.Neighbour.Contracts; what is missing there belongs there.");

    [Fact]
    public void Internals_are_shown_to_no_other_module_and_Contracts_may_be_used()
    {
        var violations = Break.Rule<ModulesUseOnlyContractsOfOthers>();

        violations.Where(v => !v.Where.StartsWith("ModularShop.Broken.", StringComparison.Ordinal)).ToList()
            .ShouldBeExactly(("ModularShop.Neighbour", "shows its internals to ModularShop.Broken."));
        violations.ShouldAllBe(v => !v.What.Contains("Contracts", StringComparison.Ordinal));
    }
}

public sealed class ModuleProjectsReferenceOnlyContractsTests
{
    private const string Project = "src/Modules/Broken/ModularShop.Broken/ModularShop.Broken.csproj";

    [Fact]
    public void Projects_and_files_of_other_modules_are_refused() => Break.Rule<ModuleProjectsReferenceOnlyContracts>().ShouldBeExactly(
        (Project, "refers to the project ModularShop.Neighbour."),
        (Project, "compiles ../../Neighbour/ModularShop.Neighbour/Domain/Shape.cs, a file of somebody else."));

    [Fact]
    public void The_host_and_assemblies_by_file_are_refused() => Break.Project<ModuleProjectsReferenceOnlyContracts>(Project, """
        <Project>
          <ItemGroup>
            <ProjectReference Include="..\..\..\Host\ModularShop.Host.csproj; $(BuildingBlocks)ModularShop.Messaging/ModularShop.Messaging.csproj" />
            <ProjectReference Include="../../Neighbour/ModularShop.Neighbour.Contracts/ModularShop.Neighbour.Contracts.csproj" />
            <Reference Include="lib/Neighbour.dll" />
            <Compile Include="Generated/*.cs" />
          </ItemGroup>
        </Project>
        """).ShouldBeExactly(
        (Project, "refers to the project ModularShop.Host."),
        (Project, "refers to the assembly lib/Neighbour.dll by file."));
}

public sealed class ModuleTypesAreInternalAndSealedTests
{
    [Fact]
    public void Public_and_derivable_types_are_found() => Break.Rule<ModuleTypesAreInternalAndSealed>().ShouldBeExactly(
        ("ModularShop.Broken.Domain.Published", "is public."),
        ("ModularShop.Broken.Domain.Published.Inner", "is public."),
        ("ModularShop.Broken.Domain.PublishedEnum", "is public."),
        ("ModularShop.Broken.Domain.Derivable", "can be derived from."),
        ("ModularShop.Broken.Domain.DerivableRecord", "can be derived from."),
        ("ModularShop.Broken.Domain.Outer.Derivable", "can be derived from."));

    [Fact]
    public void A_module_without_its_entry_point_is_found() => Break.Rule<ModuleTypesAreInternalAndSealed>(
            Fixture.Solution with { Modules = [Fixture.Solution.Modules.Single(m => m.Name == "Neighbour") with { Name = "Elsewhere" }] })
        .ShouldBeExactly(
            ("ModularShop.Neighbour", "has no public ModularShop.Neighbour.ElsewhereModule that implements IModule."),
            ("ModularShop.Neighbour.NeighbourModule", "is public."));
}
