using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;
using ModularShop.Modularity.Data;

namespace ModularShop.Messaging;

/// <summary>Stops a handler's query that would not see what the handlers before it have changed and not saved yet.</summary>
internal sealed class UnsavedReads : DbCommandInterceptor
{
    public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        Refuse(eventData);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        Refuse(eventData);
        return ValueTask.FromResult(result);
    }

    public override ValueTask<InterceptionResult<object>> ScalarExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<object> result, CancellationToken cancellationToken = default)
    {
        Refuse(eventData);
        return ValueTask.FromResult(result);
    }

    private static void Refuse(CommandEventData eventData)
    {
        if (eventData.CommandSource is not CommandSource.SaveChanges && eventData.Context is ModuleDbContext { HoldsUnsavedChanges: true })
        {
            throw new UnsavedReadException();
        }
    }
}

/// <summary>The group is handled again, with a save before every message of this type.</summary>
internal sealed class UnsavedReadException() : Exception("A handler asks the database while changes of the handlers before it are not saved.");
