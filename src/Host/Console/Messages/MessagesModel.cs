using ModularShop.Host.Pages;
using ModularShop.Messaging;
using ModularShop.Modularity.Deployables;

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

public sealed record MessagesModel(IReadOnlyList<ModuleMessages> Modules)
{
    internal static async Task<MessagesModel> ReadAsync(ShopApi api) => new(
        [.. await Task.WhenAll((await ModulesOf(api)).Select(module => ModuleMessages.ReadAsync(api, module)))]);

    internal static async Task<IReadOnlyList<string>> ModulesOf(ShopApi api) =>
        [.. (await api.GetAsync<IReadOnlyList<OwnershipDetails>>("/api/v1/ownership")).Needed().Select(o => o.Module)];

    /// <summary>A module's own name.</summary>
    /// <exception cref="ApiRefusedException">There is no such module.</exception>
    internal static async Task<string> NameOf(ShopApi api, string module) =>
        (await ModulesOf(api)).FirstOrDefault(m => m.Equals(module, StringComparison.OrdinalIgnoreCase))
        ?? throw new ApiRefusedException(new ApiProblem(StatusCodes.Status404NotFound, "messages.unknown_module", $"There is no module {module}."));
}

/// <summary>The dead letters of a module, a page of them.</summary>
/// <param name="Next">Where the next page begins; null on the last.</param>
/// <param name="Outcome">Why an action was refused.</param>
public sealed record LettersModel(ModuleMessages Messages, IReadOnlyList<DeadLetter> Letters, string? Next, ApiProblem? Outcome)
{
    internal static async Task<LettersModel> ReadAsync(ShopApi api, string module, string? after, ApiProblem? outcome = null)
    {
        var name = await MessagesModel.NameOf(api, module);
        var messages = await ModuleMessages.ReadAsync(api, name);
        var letters = await api.GetAsync<Listed<DeadLetter>>($"/api/v1/messages/{ShopApi.Segment(name)}/dead-letters{ShopApi.Query(("after", after))}");
        return new LettersModel(messages, letters.Value?.Items ?? [], letters.Value?.Next, outcome ?? letters.Problem);
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
        var modules = await MessagesModel.ModulesOf(api);
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
