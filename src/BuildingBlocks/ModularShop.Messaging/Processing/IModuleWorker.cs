using ModularShop.Modularity.Data;

namespace ModularShop.Messaging;

/// <summary>
/// Background work of a module, run by one process at a time: the holder of the module's lease. Called again
/// at once while it finds work, else when the module commits something, and every poll interval.
/// </summary>
public interface IModuleWorker
{
    /// <summary>Does one batch of work; false where there was none.</summary>
    Task<bool> RunOnceAsync(HeldLease lease, CancellationToken cancellationToken);
}

/// <summary>Proof of having been elected; a transaction that relies on it checks the token inside.</summary>
public sealed record HeldLease(string Holder, long Token)
{
    /// <inheritdoc cref="LeaseStore.AssertHeldAsync"/>
    public Task AssertHeldAsync(ModuleDbContext context, CancellationToken cancellationToken) => LeaseStore.AssertHeldAsync(context, this, cancellationToken);
}

/// <summary>The lease was taken by another process; what was being done was rolled back, and the other one does it.</summary>
public sealed class LeaseLostException(string message) : Exception(message);
