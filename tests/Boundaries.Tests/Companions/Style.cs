using ModularShop.Boundaries.Rules;

namespace Boundaries.Tests.Companions;

public sealed class EndpointsAreNamedAfterTheirModuleTests
{
    private const string Here = "ModularShop.Broken.Features.ListGadgets.BadlyNamedEndpoints.";

    [Fact]
    public void Endpoints_without_a_name_of_their_own_are_found() => Break.Rule<EndpointsAreNamedAfterTheirModule>().ShouldBeExactly(
        (Here + "MapForeign", "names an endpoint \"Neighbour.ListGadgets\"."),
        (Here + "MapTwice", $"names an endpoint \"Broken.ListGadgets\", as {Here}Map does."),
        (Here + "MapNameless", "maps 1 endpoint(s) and names 0."),
        (Here + "MapComputed", "gives an endpoint a name that is not a constant."),
        (Here + "MapLowerCase", "names an endpoint \"Broken.put_gadget\"."));
}

public sealed class FailuresHaveAStatusTests
{
    [Fact]
    public void A_failure_without_a_status_is_found() => Break.Rule<FailuresHaveAStatus>().ShouldBeExactly(
        ("ModularShop.Broken.Domain.BrokenError.GadgetBroke", "has no [Status(…)]."));
}

public sealed class NamesSayWhatATypeIsForTests
{
    [Fact]
    public void Names_that_say_nothing_are_found_and_strings_and_comments_are_not_names() => Break.Source<NamesSayWhatATypeIsFor>("src/Host/Names.cs", """"
        internal static class PriceHelper;
        internal sealed record struct DataUtils(int Count);
        internal interface IOrderManager;
        internal sealed class Managers;
        internal sealed class OrderManagerTests;
        // class CommentHelper
        /* class
           OtherHelper */
        var x = "class StringHelper" + @"class ""VerbatimHelper" + """
            class RawHelper "quoted"
            """;
        enum PriceCommon { One }
        """").ShouldBeExactly(
        ("src/Host/Names.cs:1", "declares PriceHelper."),
        ("src/Host/Names.cs:2", "declares DataUtils."),
        ("src/Host/Names.cs:3", "declares IOrderManager."),
        ("src/Host/Names.cs:12", "declares PriceCommon."));
}

public sealed class FilesStayReadableTests
{
    private static readonly string Long = string.Concat(Enumerable.Repeat("// a line\n", 301));

    [Fact]
    public void A_file_of_301_lines_is_found() => Break.Source<FilesStayReadable>("src/Host/Long.cs", Long).ShouldBeExactly(("src/Host/Long.cs", "has 301 lines."));

    [Fact]
    public void A_file_of_300_lines_and_a_migration_are_let_be()
    {
        Break.Source<FilesStayReadable>("src/Host/Long.cs", Long[10..]).ShouldBeEmpty();
        Break.Source<FilesStayReadable>("src/Modules/A/ModularShop.A/Infrastructure/Migrations/Sqlite/1_Initial.cs", Long).ShouldBeEmpty();
    }
}

public sealed class TestsWaitOnConditionsTests
{
    private const string Text = """
        Thread.Sleep(100);
        await Task
            .Delay(100);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var prose = "Task.Delay(1)"; // Thread.Sleep
        """;

    [Fact]
    public void Sleeps_in_tests_are_found() => Break.Source<TestsWaitOnConditions>("tests/Some.Tests/Waits.cs", Text).ShouldBeExactly(
        ("tests/Some.Tests/Waits.cs:1", "calls Thread.Sleep."),
        ("tests/Some.Tests/Waits.cs:4", "calls Task.Delay."));

    [Fact]
    public void Other_sources_may_wait() => Break.Source<TestsWaitOnConditions>("src/Host/Waits.cs", Text).ShouldBeEmpty();
}

public sealed class EverySilencedWarningHasItsReasonTests
{
    [Fact]
    public void NoWarn_without_a_comment_is_found() => Break.Project<EverySilencedWarningHasItsReason>("src/Host/Host.csproj", """
        <Project>
          <PropertyGroup>
            <!-- Because. -->
            <NoWarn>CS0001</NoWarn>
            <NoWarn>CS0002</NoWarn>
            <NoWarn>CS0003</NoWarn> <!-- because -->
          </PropertyGroup>
          <ItemGroup>
            <!-- Because. -->
            <PackageReference Include="A" NoWarn="NU0001" />
            <PackageReference Include="B" NoWarn="NU0002" />
            <!-- About something else. -->
          </ItemGroup>
        </Project>
        """).ShouldBeExactly(
        ("src/Host/Host.csproj", "has <NoWarn>CS0002</NoWarn> without a comment."),
        ("src/Host/Host.csproj", "has NoWarn=\"NU0002\" without a comment."));

    [Fact]
    public void A_pragma_without_a_comment_is_found() => Break.Source<EverySilencedWarningHasItsReason>("src/Host/Pragmas.cs", """
        #pragma warning disable CS0001 // because
        // Because.
        #pragma warning disable CS0002
        #pragma warning restore CS0002
        #pragma warning disable CS0003
        """).ShouldBeExactly(("src/Host/Pragmas.cs:5", "has #pragma warning disable CS0003 without a comment."));
}
