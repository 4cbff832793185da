using ModularShop.Host.Pages;
using ModularShop.Messaging;

namespace ModularShop.Host.Console;

/// <summary>A module's messages: what waits, and what it gave up on.</summary>
/// <param name="Problem">Why they cannot be told, as the service that has them does not answer.</param>
public sealed record ModuleMessages(string Module, BacklogView? Backlog, IReadOnlyList<DeadLetterCause> Causes, ApiProblem? Problem)
{
    public string Address => AddressOf(Module);

    public static string AddressOf(string module) => $"/console/messages/{ShopApi.Segment(module.ToLowerInvariant())}";

    internal static async Task<ModuleMessages> ReadAsync(ShopApi api, string module)
    {
        var path = $"/api/v1/messages/{ShopApi.Segment(module)}";
        var backlog = await api.TryGetAsync<BacklogView>($"{path}/backlog");
        if (backlog.Problem is { } problem)
        {
            return new ModuleMessages(module, null, [], problem);
        }

        var causes = backlog.Needed().Dead == 0 ? null : await api.TryGetAsync<IReadOnlyList<DeadLetterCause>>($"{path}/dead-letters/causes");
        return new ModuleMessages(module, backlog.Value, causes?.Value ?? [], causes?.Problem);
    }
}

/// <param name="Trace">What was typed as a trace's id and is none.</param>
public sealed record MessagesModel(IReadOnlyList<ModuleMessages> Modules, string? Trace = null)
{
    internal static async Task<MessagesModel> ReadAsync(ShopApi api, string? trace = null) => new(
        [.. await Task.WhenAll((await api.OwnersAsync()).Select(o => ModuleMessages.ReadAsync(api, o.Module)))], trace);
}

/// <summary>Which dead letters of a module are looked at.</summary>
/// <param name="Cause">Those that failed so; null for all.</param>
/// <param name="Type">Those of this type; null for all.</param>
/// <param name="After">Those behind this position of the list.</param>
public sealed record LettersWanted(string? Cause = null, string? Type = null, string? After = null)
{
    public bool IsNarrowed => !string.IsNullOrEmpty(Cause) || !string.IsNullOrEmpty(Type);

    public string Query => ShopApi.Query(("cause", Cause), ("type", Type), ("after", After));
}

/// <summary>The dead letters of a module, a page of them.</summary>
/// <param name="Next">Where the next page begins; null on the last.</param>
/// <param name="Problem">Why they cannot be listed.</param>
/// <param name="Outcome">Why an action was refused.</param>
public sealed record LettersModel(ModuleMessages Messages, LettersWanted Wanted, IReadOnlyList<DeadLetter> Letters, string? Next, ApiProblem? Problem, ApiProblem? Outcome)
{
    internal static async Task<LettersModel> ReadAsync(ShopApi api, string module, LettersWanted wanted, ApiProblem? outcome = null)
    {
        var name = (await api.OwnerAsync(module)).Module;
        var messages = ModuleMessages.ReadAsync(api, name);
        var letters = api.TryGetAsync<Listed<DeadLetter>>($"/api/v1/messages/{ShopApi.Segment(name)}/dead-letters{wanted.Query}");
        await Task.WhenAll(messages, letters);
        var (listed, problem) = ((await letters).Value, (await letters).Problem);
        return new LettersModel(await messages, wanted, listed?.Items ?? [], listed?.Next, problem ?? (await messages).Problem, outcome);
    }
}

/// <summary>A dead letter, and where its trace has been.</summary>
/// <param name="Typed">The data as somebody has changed it, and why; null while nobody has.</param>
public sealed record LetterModel(DeadLetterDetails Letter, string? TraceId, IReadOnlyList<JourneyStep> Journey, EditRequest? Typed, ApiProblem? Problem)
{
    public string Address => $"{Back}/letters/{Letter.Letter.Id}";

    public string Back => ModuleMessages.AddressOf(Letter.Letter.Module);
}

/// <summary>The messages of a trace, of all modules, oldest first.</summary>
/// <param name="Silent">Modules that did not answer.</param>
public sealed record JourneyModel(string TraceId, IReadOnlyList<JourneyStep> Steps, IReadOnlyList<string> Silent)
{
    internal static async Task<JourneyModel> ReadAsync(ShopApi api, string traceId)
    {
        var modules = (await api.OwnersAsync()).Select(o => o.Module).ToList();
        var answers = await Task.WhenAll(modules.Select(m => api.TryGetAsync<IReadOnlyList<JourneyStep>>($"/api/v1/messages/{ShopApi.Segment(m)}/journey/{ShopApi.Segment(traceId)}")));
        if (answers.FirstOrDefault(a => a.Status == StatusCodes.Status400BadRequest) is { Problem: { } refused })
        {
            throw new ApiRefusedException(refused);
        }

        return new JourneyModel(
            traceId, [.. answers.SelectMany(a => a.Value ?? []).OrderBy(s => s.At).ThenBy(s => s.To, StringComparer.Ordinal)],
            [.. modules.Where((_, i) => answers[i].Problem is not null)]);
    }
}
