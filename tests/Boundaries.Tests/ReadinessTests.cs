using System.Text.Json;
using ModularShop.Boundaries.Engine;
using ModularShop.Boundaries.Readiness;

namespace Boundaries.Tests;

/// <summary>What <c>./shop readiness</c> is answered: of a module that breaks the rules, of its neighbour, and of the shop's own.</summary>
public sealed class ReadinessTests : IDisposable
{
    /// <summary>A sin of each rule that the fixture breaks.</summary>
    private static readonly (string Rule, string Where, string What)[] Sins =
    [
        ("AtMostTwoQuestionsToOtherModules", "Features.QuoteGadgets.QuestionsInALoop.Ask", "in a loop"),
        ("AtMostTwoQuestionsToOtherModules", "Features.ListGadgets", "asks other modules 3 times"),
        ("ContextsMapOnlyTheirOwnSchema", "Infrastructure.BrokenDbContext, Gadget", "foreign key to Widget"),
        ("ContextsTakeOnlyTheirOptions", "Infrastructure.SecondDbContext", "is made with"),
        ("ContractsAreImmutable", "Contracts.GadgetDto.Name", "has a setter"),
        ("ContractsReferenceOnlyAbstractions", "Contracts.GadgetFiles.Open", "System.IO.File"),
        ("EndpointsAreNamedAfterTheirModule", "Features.ListGadgets.BadlyNamedEndpoints.MapNameless", "names 0"),
        ("FailuresHaveAStatus", "Domain.BrokenError.GadgetBroke", "no [Status"),
        ("ListsAreNotSortedByUuid", "Infrastructure.Sorting.ByUuid", "Guid"),
        ("MessageHandlersAreReachedOnlyByTheInbox", "Features.WhenWidgetRenamed.RunsAHandler.Run", "SaveItself"),
        ("MessageHandlersLeaveTheTransactionToTheInbox", "Features.WhenWidgetRenamed.SaveItself", "SaveChangesAsync"),
        ("ModuleApisOnlyAnswerQuestions", "Contracts.IBrokenApi.RenameAsync", "question"),
        ("ModuleProjectsReferenceOnlyContracts", "src/Modules/Broken/ModularShop.Broken/ModularShop.Broken.csproj", "ModularShop.Neighbour"),
        ("ModuleTypesAreInternalAndSealed", "Domain.Published", "is public"),
        ("ModulesReachNoForeignContext", "Infrastructure.ForeignContexts.ByType", "NeighbourDbContext"),
        ("ModulesUseOnlyContractsOfOthers", "ForeignReferences.ByCall.Do", "WidgetPart"),
        ("NetworkCallsGoThroughGuardedClients", "Infrastructure.Unguarded.Client", "HttpClient"),
        ("SqlNamesOnlyOwnTables", "Infrastructure.ForeignSql.Qualified", "neighbour.widgets"),
        ("StoreTypesSurviveAChangeOfEngine", "Infrastructure.StoreTypesContext, Numbered.Number", "Int32"),
        ("WritesGoThroughTheModulesContext", "Infrastructure.RawWrites.Raw", "ExecuteSqlRawAsync"),
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("readiness-").FullName;

    private string File => Path.Combine(_folder, "broken.json");

    [Fact]
    public void Every_sin_of_a_module_is_named()
    {
        var report = Report("Broken");

        foreach (var (rule, where, what) in Sins)
        {
            report.Findings.ShouldContain(f => f.Rule == rule && f.Where.EndsWith(where, StringComparison.Ordinal) && f.What.Contains(what), $"{rule}: {where}");
        }

        report.Findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal).ShouldBe(Sins.Select(s => s.Rule).Distinct(StringComparer.Ordinal), ignoreOrder: true);
        // What the rules say, and no more.
        var said = AllRules.Instances.Where(r => r.Concern is not Concern.Style).SelectMany(r => r.Check(Fixture.Solution)).Where(v => !v.Where.StartsWith("ModularShop.Neighbour", StringComparison.Ordinal));
        report.Findings.Select(f => (f.Sentence, f.Where, f.What)).ShouldBe(said.Select(v => (v.Rule, v.Where, v.What)).Distinct(), ignoreOrder: true);
        report.Findings.ShouldAllBe(f => f.Instead.Length > 10);
        report.Lost.Select(l => l.Concern).Distinct().ShouldBe(Enum.GetValues<Concern>().Where(c => c is not Concern.Style), ignoreOrder: true);
        report.Score.ShouldBe(0);
    }

    [Fact]
    public void Who_reaches_into_a_module_is_named_as_well()
    {
        var report = Report("Neighbour");

        report.Findings.Select(f => f.Rule).Distinct(StringComparer.Ordinal).ShouldBe(
            ["ModuleProjectsReferenceOnlyContracts", "ModulesUseOnlyContractsOfOthers", "ContextsMapOnlyTheirOwnSchema", "ModulesReachNoForeignContext", "SqlNamesOnlyOwnTables"], ignoreOrder: true);
        report.Findings.ShouldContain(f => f.Where == "ModularShop.Broken.Infrastructure.BrokenDbContext, Widget");
        report.AskedBy.Select(d => (d.Module, d.Request)).ShouldBe([("Broken", "ListGadgets"), ("Broken", "QuoteGadgets")]);
        report.Asks.ShouldHaveSingleItem().Questions.ShouldBe(["IBrokenApi.IsKnownAsync"]);
        report.Publishes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(m => m.Message.ShouldBe("Neighbour.WidgetRenamed"), m => m.With.ShouldBe(["Broken"]));
        report.Handles.ShouldHaveSingleItem().Message.ShouldBe("Broken.GadgetBroke");
        (report.Tables, report.Endpoints).ShouldSatisfyAllConditions(t => t.Tables.ShouldBe(["widgets"]), t => t.Endpoints.ShouldBe(["Neighbour.ListWidgets"]));
    }

    [Fact]
    public void What_would_become_a_call_over_the_network_costs_points()
    {
        var report = ReadinessReport.Of(Solution.Shop, Solution.Shop.Modules.Single(m => m.Name == "Ordering"));

        report.Findings.ShouldBeEmpty();
        report.AskedBy.Single().Module.ShouldBe("Host");
        report.Asks.Where(d => d.Request == "CheckOutCart").Select(d => d.Module).ShouldBe(["Catalog", "Shipping"]);
        report.Handles.ShouldContain(m => m.Message == "Catalog.StockReserved" && m.With.Contains("Catalog"));
        report.Score.ShouldBe(100 - report.Lost.Sum(l => l.Points));
        report.Lost.Count.ShouldBe(2);
    }

    [Fact]
    public void A_baseline_begins_with_what_is_found_and_only_shrinks()
    {
        Run("Broken").ExitCode.ShouldBe(1);
        Run("Broken", $"--baseline={File}").ShouldSatisfyAllConditions(r => r.ExitCode.ShouldBe(2), r => r.Errors.ShouldContain("--write-baseline begins one"));
        var begun = Run("Broken", $"--baseline={File}", "--write-baseline");
        (begun.ExitCode, begun.Baseline.New.Count, begun.Baseline.IsWritten).ShouldBe((0, 0, true));
        Run("Broken", $"--baseline={File}").ExitCode.ShouldBe(0);

        // Somebody has mended one that is in the file, and somebody else has made one that is not.
        var all = Read();
        var mended = new KnownViolation("SqlNamesOnlyOwnTables", "ModularShop.Broken.Gone", "has SQL on neighbour.widgets.");
        var made = all.Violations[0];
        Write(all with { Violations = [mended, .. all.Violations.Skip(1)] });
        var before = System.IO.File.ReadAllText(File);

        var compared = Run("Broken", $"--baseline={File}");
        compared.ExitCode.ShouldBe(1);
        compared.Baseline.New.ShouldHaveSingleItem().Where.ShouldBe(made.Where);
        compared.Baseline.Mended.ShouldBe([mended]);
        System.IO.File.ReadAllText(File).ShouldBe(before);

        Run("Broken", $"--baseline={File}", "--write-baseline").ExitCode.ShouldBe(1, "what is new is not written into it");
        Read().Violations.ShouldBe(all.Violations.Skip(1));
    }

    [Fact]
    public void A_file_that_is_no_baseline_or_another_modules_is_refused()
    {
        Run("Neighbour", $"--baseline={File}", "--write-baseline").ExitCode.ShouldBe(0);
        Run("Broken", $"--baseline={File}", "--write-baseline").Errors.ShouldContain("is the baseline of Neighbour, not of Broken");
        System.IO.File.WriteAllText(File, "{ }");
        Run("Broken", $"--baseline={File}").ShouldSatisfyAllConditions(r => r.ExitCode.ShouldBe(2), r => r.Errors.ShouldContain("cannot be read as a baseline"));
        Run("Broken", $"--baseline={_folder}/none/b.json", "--write-baseline").Errors.ShouldContain("cannot be written");
        Run("Nobody").Errors.ShouldContain("There is no module 'Nobody'; there are Broken, Neighbour.");
    }

    [Fact]
    public void The_page_that_helps_is_there()
    {
        foreach (var page in Enum.GetValues<Concern>().Where(c => c is not Concern.Style).Select(c => Cost.Of(c).Page.Split('#')))
        {
            System.IO.File.ReadLines(Path.Combine(Solution.Root, page[0])).Where(l => l.StartsWith('#'))
                .Select(l => l.TrimStart('#').Trim().ToLowerInvariant().Replace(' ', '-')).Contains(page[1], StringComparer.Ordinal).ShouldBeTrue(string.Join('#', page));
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static ReadinessReport Report(string module) => ReadinessReport.Of(Fixture.Solution, Fixture.Solution.Modules.Single(m => m.Name == module));

    private static Answer Run(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        var exitCode = ReadinessCommand.Run(arguments, Fixture.Solution, output, errors);
        return new Answer(exitCode, output.ToString(), errors.ToString());
    }

    private Baseline Read() => JsonSerializer.Deserialize<Baseline>(System.IO.File.ReadAllText(File), ReadinessCommand.Json)!;

    private void Write(Baseline baseline) => System.IO.File.WriteAllText(File, JsonSerializer.Serialize(baseline, ReadinessCommand.Json));

    private sealed record Answer(int ExitCode, string Output, string Errors)
    {
        public BaselineComparison Baseline => JsonSerializer.Deserialize<ReadinessReport>(Output, ReadinessCommand.Json)!.Baseline!;
    }
}
