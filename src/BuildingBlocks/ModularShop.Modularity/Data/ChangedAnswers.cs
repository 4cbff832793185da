using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Data;

/// <summary>
/// Raises the versions of a module's kept answers when a change is committed, before whoever changed it hears of it.
/// A change that is saved and then rolled back raises them for nothing.
/// </summary>
internal sealed class ChangedAnswers(Func<object, IEnumerable<AnswerTag>> tagsOf, AnswerVersions versions) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, HashSet<AnswerTag>> _saved = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        var context = eventData.Context!;
        foreach (var entry in context.ChangeTracker.Entries())
        {
            if (entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            {
                foreach (var tag in tagsOf(entry.Entity))
                {
                    _saved.GetOrCreateValue(context).Add(tag);
                }
            }
        }

        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context!.Database.CurrentTransaction is null)
        {
            Raise(eventData.Context, isOver: true);
        }

        return ValueTask.FromResult(result);
    }

    /// <summary>Of a commit that got no answer it is not known whether it has taken place.</summary>
    public override Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Raise(eventData.Context!, isOver: eventData.Context!.Database.CurrentTransaction is null);
        return Task.CompletedTask;
    }

    public override Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        Raise(eventData.Context!, isOver: eventData.Context!.Database.CurrentTransaction is null);
        return Task.CompletedTask;
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Raise(eventData.Context!, isOver: true);
        return Task.CompletedTask;
    }

    public Task TransactionRolledBackAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        Raise(eventData.Context!, isOver: true);
        return Task.CompletedTask;
    }

    public Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        Raise(eventData.Context!, isOver: true);
        return Task.CompletedTask;
    }

    private void Raise(DbContext context, bool isOver)
    {
        if (!_saved.TryGetValue(context, out var tags))
        {
            return;
        }

        foreach (var tag in tags)
        {
            versions.Raise(tag);
        }

        if (isOver)
        {
            tags.Clear();
        }
    }
}

public static class ChangedAnswersOfModules
{
    /// <summary>Answers of the module's endpoints may be kept until what they are made of changes.</summary>
    /// <param name="tagsOf">The tags of the answers that a changed row is in.</param>
    public static ModuleBuilder AddKeptAnswers(this ModuleBuilder module, Func<object, IEnumerable<AnswerTag>> tagsOf)
    {
        module.Services.TryAddSingleton<AnswerVersions>();
        module.Services.AddKeyedSingleton<IInterceptor>(module.Name, (p, _) => new ChangedAnswers(tagsOf, p.GetRequiredService<AnswerVersions>()));
        return module;
    }
}
