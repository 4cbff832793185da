using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Domain;
using ModularShop.Modularity.Modules;
using ModularShop.Modularity.Peers;

namespace ModularShop.Modularity.Deployables;

internal enum OwnershipError
{
    [Status(404)] UnknownModule,
    [Status(400)] UnknownOwner,
    [Status(409)] StaleEpoch,
    [Status(409)] NoService,

    /// <summary>The data is in two databases, or on its way.</summary>
    [Status(409)] Moving,

    /// <summary>The module's code has left the host.</summary>
    [Status(409)] Departed,
}

/// <summary>Who owns a module's data, since when, by whose decision and why.</summary>
/// <param name="Fenced">Nobody writes for the moment.</param>
/// <param name="ChangedAt">Null, as <paramref name="By"/> and <paramref name="Reason"/>, while nobody has ever changed it.</param>
/// <param name="Trouble">Why the database could not be asked: owner, epoch and fence are as this process last knew them. Null where it was asked.</param>
public sealed record OwnershipDetails(string Module, Owner Owner, long Epoch, bool Fenced, DateTimeOffset? ChangedAt, string? By, string? Reason, string? Trouble = null);

/// <summary>The ownership rows of the modules of this process.</summary>
public sealed class OwnershipStore(
    ModuleRegistry modules, IServiceScopeFactory scopes, Ownerships ownerships, Replicas replicas, Deployable here, TimeProvider time, ILogger<OwnershipStore> logger,
    IPeerAddresses? peers = null, DepartedModules? departed = null)
{
    private long _readings;

    /// <summary>The row, read from the database.</summary>
    public async Task<OwnershipDetails> ReadAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await OwnershipRows.ReadAsync(Context(scope, module), module.Name, cancellationToken)).Details;
    }

    /// <summary>The row; where the database does not answer in <paramref name="patience"/>, what this process last knew.</summary>
    internal async Task<OwnershipDetails> ReadOrKnowAsync(LoadedModule module, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (read, trouble) = await BoundedReads.TryAsync(limited => ReadAsync(module, limited), patience, cancellationToken);
        var known = ownerships.Of(module.Name);
        return read ?? new OwnershipDetails(module.Name, known.Owner, known.Epoch, known.IsFenced, null, null, null, trouble);
    }

    /// <summary>Reads what the module's database says of its owner and of what it follows, now: from here on this process goes by it.</summary>
    public async Task<Ownership> RefreshAsync(LoadedModule module, CancellationToken cancellationToken)
    {
        var began = Interlocked.Increment(ref _readings);
        await using var scope = scopes.CreateAsyncScope();
        var (read, replication) = await OwnershipRows.ReadAsync(Context(scope, module), module.Name, cancellationToken);
        var reading = new Reading(read.Epoch, began, Interlocked.Read(ref _readings));
        // Nobody may see an owner elsewhere without what is followed here: it would look as if both sides shared the database.
        if (replication is not null)
        {
            replicas.Learn(module.Name, replication, reading);
        }

        if (ownerships.Learn(module.Name, new Ownership(read.Owner, read.Epoch, read.Fenced)))
        {
            DeployablesLog.OwnerChanged(logger, module.Name, read.Owner, read.Epoch, read.Fenced ? "fenced" : "open", read.By, read.Reason);
        }

        if (replication is null)
        {
            replicas.Learn(module.Name, null, reading);
        }

        return ownerships.Of(module.Name);
    }

    /// <inheritdoc cref="RefreshAsync(LoadedModule, CancellationToken)"/>
    public Task<Ownership> RefreshAsync(string module, CancellationToken cancellationToken) =>
        ownerships.HasLeft(module) ? Task.FromResult(ownerships.Of(module)) : RefreshAsync(modules[module], cancellationToken);

    /// <summary>
    /// Takes note of what a peer says of a module's owner. Where the module is in this process, its database is asked: what
    /// the peer has read may be in another one.
    /// </summary>
    internal async Task LearnAsync(string module, Ownership told, CancellationToken cancellationToken)
    {
        if (modules.Find(module) is { } loaded)
        {
            await RefreshAsync(loaded, cancellationToken);
        }
        else
        {
            ownerships.Learn(module, told);
        }
    }

    /// <summary>
    /// Takes note of what a peer says of its own database. Where both sides' databases name themselves, the one with the lower
    /// epoch is an old one that was brought back: nobody may write it, and nothing is answered from it.
    /// </summary>
    public async Task HearAsync(string module, Ownership told, CancellationToken cancellationToken)
    {
        if (departed?.Hear(module, told) == true)
        {
            ownerships.Learn(module, told);
            return;
        }

        if (modules.Find(module) is not { } loaded || told.Owner == here.Side || !ownerships.IsHere(module) || told.Epoch <= ownerships.Of(module).Epoch)
        {
            return;
        }

        var known = await RefreshAsync(loaded, cancellationToken);
        if (known.Owner == here.Side && known.Epoch < told.Epoch)
        {
            replicas.Learn(module, new Replication(ReplicationState.Stopped, CaughtUpAt: null, "an old database"), new Reading(told.Epoch, long.MaxValue, long.MaxValue));
            ownerships.Learn(module, new Ownership(told.Owner, told.Epoch));
            DeployablesLog.OldDatabase(logger, module, known.Owner, known.Epoch, told.Owner, told.Epoch);
        }
    }

    /// <summary>Makes <paramref name="to"/> the owner, in the next epoch, if the epoch is still <paramref name="expectedEpoch"/>. An owner that is it already stays in its epoch.</summary>
    public async Task<Result<Ownership>> ChangeAsync(
        LoadedModule module, Owner to, long expectedEpoch, string who, string reason, CancellationToken cancellationToken)
    {
        if (Deployable.Of(module.Name, to) is var owner && owner != here.Name && to is Owner.Service && peers?.Of(owner) is null)
        {
            return OwnershipError.NoService.Because(
                $"No service of {module.Name} is known here, so nobody would write its data. Set Peers:Addresses:{owner} to where it listens, start it, and try again.");
        }

        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope, module);
        var row = await context.Set<OwnershipRow>().SingleOrDefaultAsync(o => o.Module == module.Name, cancellationToken);
        var current = row?.ToOwnership() ?? Ownerships.AtFirst;
        if (current.Epoch != expectedEpoch)
        {
            return Stale(module, current, expectedEpoch);
        }

        if (current.IsFenced || await context.Set<ReplicationRow>().AnyAsync(r => r.Module == module.Name, cancellationToken) || await MoveMark.IsThereAsync(context, cancellationToken))
        {
            return OwnershipError.Moving.Because(
                $"The data of {module.Name} is in two databases, or on its way from one to the other: whom it is written by is changed together with where it is. "
                + $"Use ./shop move switch-traffic {module.Schema} or ./shop move reverse-traffic {module.Schema}.");
        }

        if (current.Owner == to)
        {
            return current;
        }

        var next = new Ownership(to, current.Epoch + 1);
        if (row is null)
        {
            context.Add(new OwnershipRow { Module = module.Name, Owner = to, Epoch = next.Epoch, ChangedAt = time.GetUtcNow(), By = who, Reason = reason });
        }
        else
        {
            (row.Owner, row.Epoch, row.ChangedAt, row.By, row.Reason) = (to, next.Epoch, time.GetUtcNow(), who, reason);
        }

        try
        {
            // A crash before this commit: nothing has changed. After it: every process reads the new owner within a poll.
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e is DbUpdateConcurrencyException || e.IsUniqueViolation())
        {
            // Somebody was faster: the epoch that they made is in the row.
            var theirs = await ReadAsync(module, cancellationToken);
            return Stale(module, new Ownership(theirs.Owner, theirs.Epoch), expectedEpoch);
        }

        ownerships.Learn(module.Name, next);
        return next;
    }

    private static Error Stale(LoadedModule module, Ownership current, long expectedEpoch) => OwnershipError.StaleEpoch.Because(
        $"{module.Name} is owned by {current.Owner} in epoch {current.Epoch}, and the change expects epoch {expectedEpoch}: somebody changed the owner meanwhile. Look again and repeat with expectedEpoch {current.Epoch} if it is still wanted.");

    private static ModuleDbContext Context(AsyncServiceScope scope, LoadedModule module) => (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
}
