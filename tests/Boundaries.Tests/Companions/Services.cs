using ModularShop.Boundaries.Engine;
using ModularShop.Boundaries.Rules;

namespace Boundaries.Tests.Companions;

public sealed class ServicesHostOneModuleTests
{
    private const string Project = "src/Extracted/Broken/ModularShop.Broken.Service.csproj";

    [Fact]
    public void Other_modules_the_host_assemblies_and_files_are_refused() => Break.Project<ServicesHostOneModule>(Project, """
        <Project>
          <ItemGroup>
            <ProjectReference Include="../../Modules/Broken/ModularShop.Broken/ModularShop.Broken.csproj" />
            <ProjectReference Include="../../Modules/Neighbour/ModularShop.Neighbour/ModularShop.Neighbour.csproj; ../../BuildingBlocks/ModularShop.Messaging/ModularShop.Messaging.csproj" />
            <ProjectReference Include="../../Modules/Neighbour/ModularShop.Neighbour.Contracts/ModularShop.Neighbour.Contracts.csproj" />
            <ProjectReference Include="..\..\Host\ModularShop.Host.csproj" />
            <Reference Include="lib/Neighbour.dll" />
            <Compile Include="../../Host/Welcome/WelcomeText.cs" />
          </ItemGroup>
        </Project>
        """).ShouldBeExactly(
        (Project, "refers to the project ModularShop.Neighbour."),
        (Project, "refers to the project ModularShop.Neighbour.Contracts."),
        (Project, "refers to the project ModularShop.Host."),
        (Project, "refers to the assembly lib/Neighbour.dll by file."),
        (Project, "compiles ../../Host/Welcome/WelcomeText.cs."));

    [Fact]
    public void What_all_services_share_names_no_module() => Break.Project<ServicesHostOneModule>("src/Extracted/Directory.Build.props", """
        <Project>
          <ItemGroup>
            <ProjectReference Include="../Modules/Broken/ModularShop.Broken/ModularShop.Broken.csproj" />
          </ItemGroup>
        </Project>
        """).ShouldBeExactly(("src/Extracted/Directory.Build.props", "refers to the project ModularShop.Broken."));

    [Fact]
    public void Code_beside_Program_is_found()
    {
        Break.Source<ServicesHostOneModule>("src/Extracted/Broken/Prices.cs", "class Prices;").ShouldBeExactly(("src/Extracted/Broken/Prices.cs", "is code of a service."));
        Break.Source<ServicesHostOneModule>("src/Extracted/Broken/Program.cs", "return 0;").ShouldBeEmpty();
    }
}
