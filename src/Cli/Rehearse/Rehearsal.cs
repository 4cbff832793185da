using System.Globalization;
using ModularShop.Cli.Extract;
using ModularShop.Cli.Move;

namespace ModularShop.Cli.Rehearse;

/// <param name="Rows">How many the module's tables shall have at least before it moves; 0: they are as a first start leaves them.</param>
/// <param name="Rate">Requests a second.</param>
/// <param name="Hold">How long the shop is used between two steps.</param>
/// <param name="Server">A PostgreSQL server; null: SQLite.</param>
internal sealed record RehearsalPlan(string Module, long Rows, int Rate, TimeSpan Hold, IReadOnlySet<FaultKind> Faults, int Seed, string? Server, string Configuration, bool Builds, string Folder);

/// <summary>A step of the extraction.</summary>
/// <param name="Why">For somebody who sees it for the first time.</param>
internal sealed record Act(string Name, string Why, Func<CancellationToken, Task> DoAsync, bool HasFaults = true);

/// <summary>An extraction on throwaway databases: under load, with faults, there and back; and what came of it.</summary>
internal sealed class Rehearsal(RehearsalPlan plan, Recorder recorder, Narrator narrator)
{
    /// <summary>Orders that the module's tables are multiplied from.</summary>
    private const int FirstOrders = 10;

    public async Task<RehearsalReport> RunAsync(Func<Stage, Steps, IReadOnlyList<Act>> script, CancellationToken cancellationToken)
    {
        var startedAt = TimeProvider.System.GetUtcNow();
        var workload = Workload.Of(plan.Module);
        var host = HostProgram.Find(service: null, plan.Configuration);
        var service = await ServiceAsync(host, cancellationToken);
        await using var databases = await Databases.MakeAsync(plan.Server, plan.Folder, cancellationToken);
        await using var stage = new Stage(plan.Module, plan.Folder, databases, host, service);
        narrator.Tell($"The shop is set up on throwaway databases ({databases.Engine}), in {plan.Folder}");
        var rows = plan.Rows == 0 ? 0 : await GrowAsync(stage, workload, cancellationToken);
        await stage.StartHostAsync(cancellationToken);

        using var shoppers = new Shoppers(stage.Address, recorder);
        await shoppers.ComeAsync(cancellationToken);
        var accounts = await workload.OpenAsync(shoppers, cancellationToken);
        var steps = new Steps(plan.Module, shoppers, recorder);
        var faults = new Faults(stage, recorder, plan.Faults, plan.Seed, narrator.Tell);
        using var beside = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (following, showing) = (steps.FollowAsync(beside.Token), narrator.ShowAsync(beside.Token));
        var load = new Load(accounts, shoppers, plan.Rate, recorder, cancellationToken);
        narrator.Tell(string.Create(CultureInfo.InvariantCulture, $"{accounts.Count} clients use {plan.Module}, {Shoppers.Sold} customers buy; each knows what it wrote, and reads it back"));

        foreach (var act in script(stage, steps))
        {
            await PlayAsync(act, faults, cancellationToken);
        }

        var (compared, history) = (await steps.ComparedAsync(cancellationToken), await steps.HistoryAsync(cancellationToken));
        recorder.Marks.Enqueue(new Mark(recorder.Now, "The books are closed", IsFault: false));
        narrator.Tell("The clients stop; every order, payment, parcel and value is looked at once more");
        await load.StopAsync();
        await shoppers.ReconcileAsync(cancellationToken);
        foreach (var account in accounts)
        {
            await account.CloseAsync(cancellationToken);
        }

        await beside.CancelAsync();
        await Task.WhenAll(following, showing);
        return RehearsalReport.Of(plan, databases.Engine, startedAt, rows, shoppers.Orders, faults.Struck, recorder, compared, history);
    }

    /// <summary>There, back, there again, and to the end.</summary>
    public static IReadOnlyList<Act> Whole(string module, Stage stage, Steps steps) =>
    [
        new("The host alone", "Nothing has been extracted yet: what comes is measured against this.", _ => Task.CompletedTask, HasFaults: false),
        new($"{module}'s service answers, on the host's tables", "The code alone is extracted; its data is where it was.", async token =>
        {
            await stage.StartServiceAsync(isOwn: false, token);
            await steps.RouteAsync(token);
        }),
        new("Everything comes home", "The way back of this step: every endpoint to the monolith.", steps.RouteHomeAsync, HasFaults: false),
        new($"{module}'s tables are copied", "The service has a database of its own now. Rows are copied, changes are recorded and carried over.", async token =>
        {
            await stage.StartServiceAsync(isOwn: true, token);
            await steps.CreateAsync(token);
        }),
        new("The service answers reads", "All rows are compared first.", async token =>
        {
            await steps.CompareAsync(token);
            await steps.SwitchReadsAsync(token);
        }),
        new("The service owns the data", "Writes that come while it switches wait, and go to the new owner. The host's tables follow.", async token =>
        {
            await steps.CompareAsync(token);
            await steps.SwitchWritesAsync(token);
        }),
        new("And back", "The host owns the data again, with all that the service wrote.", steps.ReverseAsync),
        new("There again", "The second time is like the first.", async token =>
        {
            await steps.CompareAsync(token);
            await steps.SwitchWritesAsync(token);
        }),
        new("The move is completed", "All rows are compared once more, and the host's tables are retired.", async token =>
        {
            await steps.CompareAsync(token);
            await steps.CompleteAsync(token);
        }),
    ];

    private async Task PlayAsync(Act act, Faults faults, CancellationToken cancellationToken)
    {
        recorder.Marks.Enqueue(new Mark(recorder.Now, act.Name, IsFault: false));
        narrator.Tell(act.Name);
        narrator.Explain(act.Why);
        // One while it is done, and one while it is lived with.
        await Task.WhenAll(act.DoAsync(cancellationToken), act.HasFaults ? faults.StrikeAsync(cancellationToken) : Task.CompletedTask);
        await Task.WhenAll(Task.Delay(plan.Hold, cancellationToken), act.HasFaults ? faults.StrikeAsync(cancellationToken) : Task.CompletedTask);
    }

    /// <summary>A few orders, lived through, and then their rows again and again.</summary>
    private async Task<long> GrowAsync(Stage stage, Workload workload, CancellationToken cancellationToken)
    {
        await stage.StartHostAsync(cancellationToken);
        using (var shoppers = new Shoppers(stage.Address, new Recorder()))
        {
            await shoppers.ComeAsync(cancellationToken);
            await shoppers.CompletedAsync(FirstOrders, cancellationToken);
        }

        await stage.Host.StopAsync();
        var rows = await stage.MultiplyAsync(workload.Tables, plan.Rows, cancellationToken);
        narrator.Tell(string.Create(CultureInfo.InvariantCulture, $"{plan.Module} has {rows:N0} rows"));
        return rows;
    }

    /// <summary>The service's program, built where that is wanted; a scaffold of it where the module has none.</summary>
    private async Task<(string Folder, string Dll)> ServiceAsync(HostProgram host, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(ServicePorts.Extracted, plan.Module);
        var name = $"ModularShop.{plan.Module}.Service";
        var isScaffold = !File.Exists(Path.Combine(folder, $"{name}.csproj"));
        if (isScaffold)
        {
            folder = Path.Combine(plan.Folder, "scaffold");
            await new Extraction(ServiceScaffold.In(folder, plan.Module), isRegistered: false).ApplyAsync(cancellationToken);
        }

        if (plan.Builds)
        {
            narrator.Tell("The host is built");
            await host.BuildAsync(cancellationToken);
        }

        if (plan.Builds || isScaffold)
        {
            narrator.Tell(isScaffold ? $"{plan.Module} has no service in src/Extracted: one is made for the rehearsal, and built" : "The service is built");
            // What a service is made of was built with the host.
            await ProjectBuild.RunAsync($"{plan.Module}'s service", folder, plan.Configuration, cancellationToken, isScaffold ? ["BuildProjectReferences=false", "PrecompilePackages=false"] : []);
        }

        var dll = Path.Combine(folder, "bin", plan.Configuration, "net10.0", $"{name}.dll");
        return File.Exists(dll) && File.Exists(host.Dll)
            ? (folder, dll)
            : throw CommandFailure.Refused($"{(File.Exists(dll) ? host.Dll : dll)} is missing: leave --no-build out.");
    }
}
