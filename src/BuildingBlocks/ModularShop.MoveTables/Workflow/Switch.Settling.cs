using System.Data.Common;
using ModularShop.Modularity.Deployables;

namespace ModularShop.MoveTables;

/// <remarks>What becomes of a switch that broke off.</remarks>
internal sealed partial class Switch
{
    /// <summary>Whatever a switch was in the middle of: takes it back, or finishes it where the owner's row has been written.</summary>
    /// <exception cref="OwnerChangedException">The service's database is an old one.</exception>
    public async Task SettleAsync(DbConnection host, string by, CancellationToken cancellationToken)
    {
        var here = await pair.Host.ReadOwnershipAsync(host, cancellationToken);
        if (move.State is MoveState.Fenced)
        {
            await UnfenceAsync(pair.Host, host, here, host, by, cancellationToken);
            return;
        }

        await using var service = await pair.Service.OpenAsync(cancellationToken);
        var there = await pair.Service.ReadOwnershipAsync(service, cancellationToken);
        switch (move.State)
        {
            case MoveState.ReverseFenced when there.Owner is Owner.Monolith:
                await OpenAsync(pair.Host, there with { IsFenced = false }, host, by, "Traffic goes back to the host.", cancellationToken);
                break;
            case MoveState.ReverseFenced:
                await UnfenceAsync(pair.Service, service, there, host, by, cancellationToken);
                break;
            case MoveState.WritesSwitched when there.Epoch < here.Epoch && move.IsOpened:
                throw new OwnerChangedException(
                    $"{pair.Target} owned {pair.Module.Name} since epoch {here.Epoch}, and says that the {there.Owner} does, in epoch {there.Epoch}: it was brought back from a backup of before. "
                    + "Nothing is carried over, so that nothing is lost: what was written since is in the host's tables. Bring the newest state of that database back.");
            case MoveState.WritesSwitched:
                if (there.Epoch < here.Epoch)
                {
                    await OpenAsync(pair.Service, here, service, by, "Writes are switched to the service.", cancellationToken);
                }
                else if (there.IsFenced)
                {
                    await UnfenceAsync(pair.Service, service, there, host, by, cancellationToken);
                }

                await store.KeepOpenedAsync(host, move.Id, epoch, cancellationToken);
                break;
        }
    }

    private async Task UnfenceAsync(MoveSide side, DbConnection connection, Ownership now, DbConnection host, string by, CancellationToken cancellationToken)
    {
        if (now.IsFenced)
        {
            await using var transaction = await side.BeginAsync(connection, epoch, cancellationToken);
            await OpenAgainAsync(transaction, now, by, cancellationToken);
            if (side == pair.Host)
            {
                await store.EnterAsync(
                    transaction, move.Id, MoveState.Fenced, move.Returns ?? MoveState.ReadsSwitched, by, "The switch was taken back; the host's tables are open.", null, cancellationToken);
            }

            await (side == pair.Host ? transaction.CommitAsync(cancellationToken) : steps.DoAsync(MoveStep.TargetReopened, () => transaction.CommitAsync(cancellationToken)));
        }

        if (move.State is MoveState.ReverseFenced)
        {
            await EnterAsync(host, MoveState.ReverseFenced, MoveState.WritesSwitched, by, "The switch was taken back; the service's tables are open.", returns: null, cancellationToken);
        }
    }

    /// <summary>
    /// The state of a move is in the host's database, and that may be what fails: the service's writes don't wait for it. A commit
    /// whose outcome is unknown is either seen here, and left to be finished, or finds the row changed.
    /// </summary>
    private async Task TryUnfenceServiceAsync(string by)
    {
        try
        {
            using var limit = new CancellationTokenSource(patience);
            await using var service = await pair.Service.OpenAsync(limit.Token);
            if (await pair.Service.ReadOwnershipAsync(service, limit.Token) is { Owner: Owner.Service, IsFenced: true } fenced)
            {
                await using var transaction = await pair.Service.BeginAsync(service, epoch, limit.Token);
                await OpenAgainAsync(transaction, fenced, by, limit.Token);
                await steps.DoAsync(MoveStep.TargetReopened, () => transaction.CommitAsync(limit.Token));
            }
        }
        catch (Exception)
        {
            // What went wrong first is told; whoever coordinates the move next settles the rest.
        }
    }

    private static async Task OpenAgainAsync(MoveTransaction transaction, Ownership fenced, string by, CancellationToken cancellationToken)
    {
        await transaction.RecordOwnerAsync(fenced, fenced with { Epoch = fenced.Epoch + 1, IsFenced = false }, by, "The switch was taken back.", cancellationToken);
        await transaction.SwitchTriggersAsync(capture: null, deny: false, cancellationToken);
    }
}
