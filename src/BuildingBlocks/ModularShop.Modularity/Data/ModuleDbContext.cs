using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Domain;

namespace ModularShop.Modularity.Data;

/// <summary>
/// A module's only way to its tables. Pooled; its model holds the module's own schema and nothing else. A
/// save raises the version of every changed aggregate, moves the messages they publish into the outbox and
/// commits all of it in one transaction.
/// </summary>
public abstract class ModuleDbContext(DbContextOptions options) : DbContext(options)
{
    private IDbContextTransaction? _save;

    /// <summary>The module's name in lower case.</summary>
    public abstract string Schema { get; }

    /// <summary>A save or a write transaction is under way; what fails during it is not done again here.</summary>
    internal bool IsWriting { get; set; }

    /// <summary>Changes of one message handler wait to be saved with those of the next; a query would not see them.</summary>
    internal bool HoldsUnsavedChanges { get; set; }

    internal DatabaseProvider Provider => Database.ProviderName switch
    {
        "Microsoft.EntityFrameworkCore.Sqlite" => DatabaseProvider.Sqlite,
        "Microsoft.EntityFrameworkCore.SqlServer" => DatabaseProvider.SqlServer,
        "Npgsql.EntityFrameworkCore.PostgreSQL" => DatabaseProvider.PostgreSql,
        var other => throw new InvalidOperationException($"{other} is none of the supported providers."),
    };

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Use SaveChangesAsync: a save may have to wait for the module's write gate.");

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        // Changes are looked for once, here; every call to the tracker would do it again.
        ChangeTracker.DetectChanges();
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            RaiseVersions();
            if (IsWriting)
            {
                return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
            }

            using var turn = await this.GetService<WriteGates>().EnterAsync(this, cancellationToken);
            IsWriting = true;
            try
            {
                var written = await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
                if (_save is not null)
                {
                    // A crash before this commit: neither the changes nor their messages are there. After it: both are, and
                    // the dispatcher finds the messages without being woken.
                    await _save.CommitAsync(cancellationToken);
                }

                if (written > 0 || _save is not null)
                {
                    Commits.Note();
                }

                return written;
            }
            catch (Exception e) when (e is OperationCanceledException || e.IsDatabaseUnavailable())
            {
                Commits.Note();
                throw;
            }
            finally
            {
                await CloseSaveAsync();
                IsWriting = false;
            }
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    /// <summary>
    /// An explicit transaction, for work that is more than one save; the only place that opens one. No network
    /// call may happen until it is disposed of.
    /// </summary>
    public Task<WriteTransaction> BeginWriteAsync(CancellationToken cancellationToken)
    {
        // Here and not in an async method: what an async method sets on the flow ends with it.
        var guard = TransactionFlow.Enter(Schema);
        return WriteTransaction.BeginAsync(this, this.GetService<WriteGates>(), guard, cancellationToken);
    }

    /// <summary>
    /// Opens the transaction of the save under way, where none is open: what is written by hand in the course of the save
    /// is committed or undone with it.
    /// </summary>
    internal async Task OpenSaveAsync(CancellationToken cancellationToken)
    {
        if (Database.CurrentTransaction is null)
        {
#pragma warning disable RS0030 // the transaction EF would open for this save, a moment earlier
            _save = await Database.BeginTransactionAsync(cancellationToken);
#pragma warning restore RS0030
            Database.AutoSavepointsEnabled = false;
        }
    }

    protected sealed override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        StoreTypes.Configure(configurationBuilder, Provider);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        if (Provider is not DatabaseProvider.Sqlite)
        {
            modelBuilder.HasDefaultSchema(Schema);
        }

        modelBuilder.ApplyConfiguration(new OwnershipMapping());
        modelBuilder.ApplyConfiguration(new ReplicationMapping());
        modelBuilder.ApplyConfiguration(new RoutingMapping());
        modelBuilder.ApplyConfigurationsFromAssembly(
            GetType().Assembly, type => type.Namespace?.StartsWith(GetType().Namespace!, StringComparison.Ordinal) == true);
    }

    /// <remarks>Not by EF's interceptors: of a save that loses a race they are not told.</remarks>
    private async Task CloseSaveAsync()
    {
        if (_save is not { } save)
        {
            return;
        }

        _save = null;
        try
        {
            await save.DisposeAsync();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // The connection is gone and the transaction with it; what made it go is what the caller has to hear.
        }
    }

    private void RaiseVersions()
    {
        List<EntityEntry> entries = [.. ChangeTracker.Entries()];
        var roots = entries.Select(e => e.Entity).OfType<AggregateRoot>().ToLookup(r => r.Id);
        var changed = new HashSet<AggregateRoot>(ReferenceEqualityComparer.Instance);
        foreach (var entry in entries)
        {
            if (entry.Entity is AggregateRoot root && (root.HasMessages || entry.State is EntityState.Added or EntityState.Modified))
            {
                changed.Add(root);
            }
            else if (entry.Entity is not AggregateRoot && entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted
                && RootOf(entry, roots) is { } owner)
            {
                changed.Add(owner);
            }
        }

        foreach (var root in changed)
        {
            Entry(root).Property(r => r.Version).CurrentValue++;
        }
    }

    private static AggregateRoot? RootOf(EntityEntry entry, ILookup<Guid, AggregateRoot> roots)
    {
        foreach (var key in entry.Metadata.GetForeignKeys())
        {
            if (!typeof(AggregateRoot).IsAssignableFrom(key.PrincipalEntityType.ClrType)
                || key.DeleteBehavior is not DeleteBehavior.Cascade
                || entry.Property(key.Properties[0].Name) is not { } reference
                || (entry.State is EntityState.Deleted ? reference.OriginalValue : reference.CurrentValue) is not Guid id)
            {
                continue;
            }

            return roots[id].FirstOrDefault(key.PrincipalEntityType.ClrType.IsInstanceOfType);
        }

        return null;
    }
}
