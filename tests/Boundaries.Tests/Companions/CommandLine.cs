using ModularShop.Boundaries.Engine;
using ModularShop.Boundaries.Rules;

namespace Boundaries.Tests.Companions;

public sealed class TheCommandLineReferencesNoProjectTests
{
    private const string Project = "src/Cli/ModularShop.Cli.csproj";

    [Fact]
    public void Projects_assemblies_and_files_of_the_shop_are_refused() => Break.Project<TheCommandLineReferencesNoProject>(Project, """
        <Project>
          <ItemGroup>
            <PackageReference Include="Spectre.Console" />
            <ProjectReference Include="../BuildingBlocks/ModularShop.Facade/ModularShop.Facade.csproj" />
            <Reference Include="lib/ModularShop.Facade.dll" />
            <Compile Include="../Host/Welcome/WelcomeText.cs" />
          </ItemGroup>
        </Project>
        """).ShouldBeExactly(
        (Project, "refers to the project ModularShop.Facade."),
        (Project, "refers to the assembly lib/ModularShop.Facade.dll by file."),
        (Project, "compiles ../Host/Welcome/WelcomeText.cs."));
}
