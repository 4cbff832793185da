using ModularShop.Host.Pages;
using ModularShop.Modularity.Deployables;
using ModularShop.MoveTables;

namespace ModularShop.Host.Console;

/// <summary>Each module, and its last move.</summary>
public sealed record MovesModel(IReadOnlyList<(OwnershipDetails Owner, LastMove Move)> Modules)
{
    internal static async Task<MovesModel> ReadAsync(ShopApi api)
    {
        var owners = await api.OwnersAsync();
        var moves = await Task.WhenAll(owners.Select(o => LastMove.ReadAsync(api, o.Module)));
        return new MovesModel([.. owners.Zip(moves)]);
    }
}

/// <summary>A module's last move, as far as its database says.</summary>
/// <param name="Found">Null where there has been none, or nobody can tell.</param>
/// <param name="Problem">Why nobody can tell.</param>
public sealed record LastMove(MoveView? Found, ApiProblem? Problem)
{
    /// <remarks>Module by module: a database that is away hides its own module's move alone.</remarks>
    internal static async Task<LastMove> ReadAsync(ShopApi api, string module)
    {
        var answer = await api.TryGetAsync<MoveView>($"/api/v1/moves/{ShopApi.Segment(module)}");
        return new LastMove(answer.Value, answer.Problem is { Status: >= 500 or StatusCodes.Status429TooManyRequests } problem ? problem : null);
    }
}

/// <summary>The move of a module.</summary>
/// <param name="Move">The last one; null where there has been none.</param>
/// <param name="Absent">Why there is none, or why nobody can tell.</param>
/// <param name="History">Null where nobody can tell.</param>
/// <param name="Samples">How far the databases were apart.</param>
/// <param name="Problem">Why an action was refused.</param>
public sealed record MoveModel(
    OwnershipDetails Owner, MoveView? Move, ApiProblem? Absent, IReadOnlyList<MoveEvent>? History, IReadOnlyList<Sample<MoveSample>> Samples, ApiProblem? Problem = null)
{
    public string Module => Owner.Module;

    /// <summary>As the command line and addresses have it.</summary>
    public string Name => Module.ToLowerInvariant();

    public string Address => AddressOf(Module);

    public bool IsLive => Move is { State: not (MoveState.Cancelled or MoveState.Completed) };

    /// <summary>What can be done now; and the ways back, also while something keeps them from being gone: their pages say what.</summary>
    public IEnumerable<MoveAction> Actions => Move is { } move ? MoveAction.All.Where(a => move.Next.Contains(a.Cli, StringComparer.Ordinal) || a.IsWayBackFrom(move.State)) : [];

    public static string AddressOf(string module) => $"/console/moves/{ShopApi.Segment(module.ToLowerInvariant())}";

    /// <exception cref="ApiRefusedException">There is no such module.</exception>
    internal static async Task<MoveModel> ReadAsync(ShopApi api, Seen<MoveSample> seen, string module)
    {
        var owner = await api.OwnerAsync(module);
        var path = $"/api/v1/moves/{ShopApi.Segment(owner.Module)}";
        var move = await api.TryGetAsync<MoveView>(path);
        if (move.Value is not { } found)
        {
            return new MoveModel(owner, null, move.Problem, [], []);
        }

        var history = await api.TryGetAsync<IReadOnlyList<MoveEvent>>($"{path}/history");
        var samples = seen.Note(found.Module, $"{found.Id}", new MoveSample(found.LagSeconds, found.LogRows, found.RowsPerSecond));
        return new MoveModel(owner, found, null, history.Value, samples);
    }
}

/// <summary>How far the databases of a move were apart.</summary>
/// <param name="Lag">In seconds; null while rows are copied.</param>
public sealed record MoveSample(double? Lag, long LogRows, double RowsPerSecond);

/// <summary>Something that can be done with a move.</summary>
/// <param name="Word">In addresses, and as the API calls it.</param>
/// <param name="Cli">As <c>./shop move</c> and the API's list of what is next call it.</param>
public sealed record MoveAction(string Word, string Cli, string Label, string What, bool IsGrave = false)
{
    public static IReadOnlyList<MoveAction> All { get; } =
    [
        new("vdiff", "vdiff", "Compare all rows", "Every row of both databases is compared, while they are written. Nothing is changed."),
        new("switch-reads", "switch-traffic --reads", "Switch reads", "The service answers the module's reads from its own database, which follows the host's. What changes data stays at the host."),
        new("switch-writes", "switch-traffic --writes", "Switch writes", "The service owns the data: what changes it goes there, and the host's tables follow. Writes wait for a moment. It can be reversed.", IsGrave: true),
        new("reverse", "reverse-traffic", "Reverse", "The host owns the data again; nothing that the service wrote is lost."),
        new("complete", "complete", "Complete", "The host's tables are retired. From here on there is no way back.", IsGrave: true),
        new("cancel", "cancel", "Cancel the move", "The move ends, and reads go back to the host; no trigger, no log and no row of it stays.", IsGrave: true),
    ];

    /// <summary>Where it leads back from a state, whether that can be done this moment or not.</summary>
    public bool IsWayBackFrom(MoveState state) => Word switch
    {
        "reverse" => state is MoveState.WritesSwitched,
        "cancel" => state is not (MoveState.Completing or MoveState.Completed or MoveState.Cancelling or MoveState.Cancelled),
        _ => false,
    };

    public static MoveAction? Find(string word) => All.FirstOrDefault(a => a.Word == word);
}
