using System.Data.Common;

namespace ModularShop.MoveTables;

/// <summary>Makes a coordinator the only one that changes anything in the service's database, if that is the one that its move copies to.</summary>
/// <remarks>
/// Each host has a configuration of its own, which may name another database than the one the move began with: an empty one, or
/// that of another move. So the target bears the move's id, from before the first thing that is made in it.
/// </remarks>
internal sealed class Admission(MovePair pair, MoveStore store, long epoch)
{
    /// <returns>False where the database is not the target of this move; nothing has been changed in it then.</returns>
    /// <exception cref="CoordinatorReplacedException">Another process coordinates the move by now, or this one has to begin again with a higher epoch.</exception>
    public async Task<bool> AdmitAsync(DbConnection host, DbConnection service, Move move, CancellationToken cancellationToken)
    {
        var token = await pair.Service.ReadTokenAsync(service, cancellationToken);
        if (token.Workflow != move.Id && (token.Workflow is not null || move.State is not MoveState.Created))
        {
            return false;
        }

        if (token.Workflow == move.Id && token.Epoch > epoch)
        {
            await store.OvertakeAsync(host, move.Id, epoch, token.Epoch, cancellationToken);
            throw new CoordinatorReplacedException($"{pair.Target} knows a later coordinator of the move of {pair.Module.Name} than the host's database does: this one begins again, as a later one still.");
        }

        await pair.Service.AdmitCoordinatorAsync(service, epoch, cancellationToken);
        return token.Workflow == move.Id || await pair.Service.ClaimAsync(service, epoch, move.Id, cancellationToken);
    }
}

/// <summary>The database that the configuration names is not the one that a move copies to.</summary>
internal sealed class AnotherTargetException(MovePair pair, Move move) : Exception(
    $"{pair.Target} is not the database that {pair.Module.Name} is being moved to, or another move has it: this one goes to {move.Target}. Nothing is carried over. "
    + $"Let MoveTables:Targets:{pair.Module.Name} name that database again, in every host, or end the move: './shop move cancel {pair.Module.Schema}'.");
