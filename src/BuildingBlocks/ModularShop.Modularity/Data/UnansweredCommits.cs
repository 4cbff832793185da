using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ModularShop.Modularity.Data;

/// <summary>
/// Marks what is thrown where the database was told to commit and its answer was lost: whether it has, nobody knows here, and
/// nobody may say that nothing was changed. What a database refuses itself it has not committed.
/// </summary>
/// <remarks>Not for SQLite, which is in this process: its answers are not lost.</remarks>
internal sealed class UnansweredCommits : DbTransactionInterceptor, IDbCommandInterceptor
{
    public static readonly UnansweredCommits Instance = new();

    public override Task TransactionFailedAsync(DbTransaction transaction, TransactionErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Action == "Commit")
        {
            Mark(eventData.Exception, cancellationToken);
        }

        return Task.CompletedTask;
    }

    /// <remarks>A statement that is all of its save is committed by being executed.</remarks>
    public Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.CommandSource is CommandSource.SaveChanges && command.Transaction is null)
        {
            Mark(eventData.Exception, cancellationToken);
        }

        return Task.CompletedTask;
    }

    private static void Mark(Exception exception, CancellationToken cancellationToken)
    {
        if (exception.IsAnswerLost() || exception.IsCancelled(cancellationToken))
        {
            exception.MarkOutcomeUnknown();
        }
    }
}
