using ModularShop.Boundaries.Rules;

namespace Boundaries.Tests.Companions;

public sealed class ContractsReferenceOnlyAbstractionsTests
{
    private const string Project = "src/Modules/Broken/ModularShop.Broken.Contracts/ModularShop.Broken.Contracts.csproj";

    [Fact]
    public void The_web_and_files_are_found_in_Contracts() => Break.Rule<ContractsReferenceOnlyAbstractions>().ShouldBeExactly(
        ("ModularShop.Broken.Contracts.GadgetFiles.Open", "refers to System.IO.Stream of System.Runtime (return type)."),
        ("ModularShop.Broken.Contracts.GadgetFiles.Open", "refers to System.IO.File of System.Runtime (call of Exists)."),
        ("ModularShop.Broken.Contracts.GadgetFiles.Open", "refers to System.IO.FileStream of System.Runtime (result of OpenRead)."),
        ("ModularShop.Broken.Contracts.GadgetFiles.Result", "refers to Microsoft.AspNetCore.Http.IResult of Microsoft.AspNetCore.Http.Abstractions (return type)."),
        (Project, "refers to Microsoft.AspNetCore.App."));

    [Fact]
    public void Packages_and_other_Contracts_are_found_in_the_project() => Break.Project<ContractsReferenceOnlyAbstractions>(Project, """
        <Project>
          <ItemGroup>
            <PackageReference Include="MediatR" />
            <ProjectReference Include="../../Neighbour/ModularShop.Neighbour.Contracts/ModularShop.Neighbour.Contracts.csproj" />
            <ProjectReference Include="$(BuildingBlocks)ModularShop.Contracts/ModularShop.Contracts.csproj" />
          </ItemGroup>
        </Project>
        """).ShouldBeExactly(
        (Project, "refers to ModularShop.Neighbour.Contracts."),
        (Project, "refers to MediatR."));
}

public sealed class ContractsAreImmutableTests
{
    [Fact]
    public void Setters_fields_and_mutable_collections_are_found() => Break.Rule<ContractsAreImmutable>().ShouldBeExactly(
        ("ModularShop.Broken.Contracts.GadgetDto.Length", "is a public field that can be assigned."),
        ("ModularShop.Broken.Contracts.GadgetDto.Name", "has a setter."),
        ("ModularShop.Broken.Contracts.GadgetDto.Tags", "is a List`1, whose content can be changed."),
        ("ModularShop.Broken.Contracts.GadgetDto.Notes", "is a String[], whose content can be changed."));
}

public sealed class ModuleApisOnlyAnswerQuestionsTests
{
    [Fact]
    public void Commands_and_calls_that_block_or_cannot_be_cancelled_are_found() => Break.Rule<ModuleApisOnlyAnswerQuestions>().ShouldBeExactly(
        ("ModularShop.Broken.Contracts.IBrokenApi.RenameAsync", "does not sound like a question."),
        ("ModularShop.Broken.Contracts.IBrokenApi.IssueAsync", "does not sound like a question."),
        ("ModularShop.Broken.Contracts.IBrokenApi.GetNothingAsync", "returns Task."),
        ("ModularShop.Broken.Contracts.IBrokenApi.IsOldAsync", "returns ValueTask`1."),
        ("ModularShop.Broken.Contracts.IBrokenApi.CountAll", "returns Int32."),
        ("ModularShop.Broken.Contracts.IBrokenApi.HasPartsAsync", "cannot be cancelled."),
        ("ModularShop.Broken.Contracts.IBrokenApi.CanRenameAsync", "takes the message RenameGadget."));
}

public sealed class AtMostTwoQuestionsToOtherModulesTests
{
    [Fact]
    public void A_third_question_and_a_question_in_a_loop_are_found() => Break.Rule<AtMostTwoQuestionsToOtherModules>().ShouldBeExactly(
        ("ModularShop.Broken.Features.ListGadgets", "asks other modules 3 times: INeighbourApi.IsKnownAsync, INeighbourApi.GetWidgetsAsync."),
        ("ModularShop.Broken.Features.QuoteGadgets.QuestionsInALoop.Ask", "asks INeighbourApi.IsKnownAsync in a loop."));
}
