using Microsoft.EntityFrameworkCore.Storage;

namespace ModularShop.Modularity.Data;

/// <summary>An open write transaction of one module; disposing of it without <see cref="CommitAsync"/> rolls back.</summary>
public sealed class WriteTransaction : IAsyncDisposable
{
    private readonly ModuleDbContext _context;
    private readonly IDbContextTransaction _transaction;
    private readonly IDisposable _turn;
    private readonly IDisposable _guard;

    private WriteTransaction(ModuleDbContext context, IDbContextTransaction transaction, IDisposable turn, IDisposable guard) =>
        (_context, _transaction, _turn, _guard) = (context, transaction, turn, guard);

    public Task CommitAsync(CancellationToken cancellationToken)
    {
        // Before: of one that gets no answer nobody knows whether it has taken place.
        Commits.Note();
        return _transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _transaction.DisposeAsync();
        }
        finally
        {
            _context.IsWriting = false;
            _turn.Dispose();
            _guard.Dispose();
        }
    }

    internal static async Task<WriteTransaction> BeginAsync(ModuleDbContext context, WriteGates gates, IDisposable guard, CancellationToken cancellationToken)
    {
        IDisposable? turn = null;
        try
        {
            turn = await gates.EnterAsync(context, cancellationToken);
#pragma warning disable RS0030 // the one place that opens a transaction
            var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
#pragma warning restore RS0030
            context.IsWriting = true;
            // Whoever fails in here gives the whole transaction up: a savepoint for each save would be two round trips for nothing.
            context.Database.AutoSavepointsEnabled = false;
            return new WriteTransaction(context, transaction, turn, guard);
        }
        catch
        {
            turn?.Dispose();
            guard.Dispose();
            throw;
        }
    }
}
