using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Modules;

namespace ModularShop.Facade;

/// <summary>
/// The routing of several hosts: a table that all of them read. The routing file is where the first revision comes from,
/// and nothing else.
/// </summary>
/// <param name="module">The module in whose database the table is.</param>
/// <param name="path">Of the routing file.</param>
internal sealed class DatabaseRoutingStore(LoadedModule module, string path, IServiceScopeFactory scopes, ILogger<DatabaseRoutingStore> logger) : IRoutingStore
{
    /// <summary>How often the table is looked at for what other hosts added.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(250);

    /// <summary>The newest revision that was told.</summary>
    private long _seen;

    /// <summary>When the routing file was written that was looked at last.</summary>
    private DateTime? _looked;

    private bool _isAway;

    public Task<RoutingRevision?> NewestAsync(CancellationToken cancellationToken) =>
        AskAsync(rows => Revisions(rows.OrderByDescending(r => r.Number)).FirstOrDefaultAsync(cancellationToken));

    public async Task<IReadOnlyList<RoutingRevision>> HistoryAsync(int most, CancellationToken cancellationToken) =>
        await AskAsync(rows => Revisions(rows.OrderByDescending(r => r.Number).Take(most)).ToListAsync(cancellationToken));

    public async Task AppendAsync(RoutingRevision revision, bool isInFile, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var context = Context(scope);
        context.Add(new RoutingRow { Deployable = Deployable.Monolith, Number = revision.Number, Text = revision.Text, At = revision.At, By = revision.By, Reason = revision.Reason });
        try
        {
            // A crash before this commit: nothing has changed. After it: every host reads the revision within a poll.
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            throw new RoutingConflictException($"Somebody else has just made revision {await NewestNumberAsync(cancellationToken)} of the routing. Look at it, and change it again.");
        }
    }

    public async Task LookAsync(Func<RoutingText, Task> changed, CancellationToken cancellationToken)
    {
        RoutingRevision? newest = null;
        string? ignored = null;
        var written = File.GetLastWriteTimeUtc(path);
        try
        {
            if (await NewestNumberAsync(cancellationToken) > _seen)
            {
                newest = await NewestAsync(cancellationToken);
            }

            if (written != _looked)
            {
                ignored = await NotInTableAsync(cancellationToken);
            }

            _isAway = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isAway)
            {
                _isAway = true;
                FacadeLog.StoreIsAway(logger, e.DatabaseMessage());
            }

            return;
        }

        if (newest is not null)
        {
            await changed(new RoutingText(null, newest));
            _seen = newest.Number;
        }

        if (ignored is not null)
        {
            await TakeFileAsync(ignored, isFirst: _seen == 0, changed);
        }

        _looked = written;
    }

    public async Task WatchAsync(Func<RoutingText, Task> changed, CancellationToken cancellationToken)
    {
        using var pace = new PeriodicTimer(Pace);
        do
        {
            await LookAsync(changed, cancellationToken);
        }
        while (await pace.WaitForNextTickAsync(cancellationToken));
    }

    /// <summary>The routing file's text, where it never was a revision; else null.</summary>
    private async Task<string?> NotInTableAsync(CancellationToken cancellationToken) =>
        await FileRoutingStore.ReadAsync(path, cancellationToken) is { } text && !await AskAsync(rows => rows.AnyAsync(r => r.Text == text, cancellationToken)) ? text : null;

    private async Task TakeFileAsync(string text, bool isFirst, Func<RoutingText, Task> changed)
    {
        if (!isFirst)
        {
            FacadeLog.FileIgnored(logger, path);
            return;
        }

        try
        {
            await changed(new RoutingText(text) { Expected = 0, Reason = "The routing file, when there was no routing in the database." });
        }
        catch (RoutingConflictException)
        {
            // Another host was faster, and its revision is read next.
        }
    }

    private Task<long> NewestNumberAsync(CancellationToken cancellationToken) => AskAsync(async rows => await rows.MaxAsync(r => (long?)r.Number, cancellationToken) ?? 0);

    private static IQueryable<RoutingRevision> Revisions(IQueryable<RoutingRow> rows) => rows.Select(r => new RoutingRevision(r.Number, r.Text, r.At, r.By, r.Reason));

    private async Task<T> AskAsync<T>(Func<IQueryable<RoutingRow>, Task<T>> ask)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await ask(Context(scope).Set<RoutingRow>().AsNoTracking().Where(r => r.Deployable == Deployable.Monolith));
    }

    private ModuleDbContext Context(AsyncServiceScope scope) => (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
}
