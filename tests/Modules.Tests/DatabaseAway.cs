using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Modules.Tests;

/// <summary>A module's database that can be away: connections are refused at once then, or never come about.</summary>
internal sealed class DatabaseAway : DbConnectionInterceptor
{
    private TaskCompletionSource _back = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isAway;
    private bool _isSilent;

    public void Leave(bool isSilent) => (_back, _isSilent, _isAway) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), isSilent, true);

    public void Return()
    {
        _isAway = false;
        _back.SetResult();
    }

    public override async ValueTask<InterceptionResult> ConnectionOpeningAsync(
        DbConnection connection, ConnectionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        if (_isAway && _isSilent)
        {
            await _back.Task.WaitAsync(cancellationToken);
        }

        // Which every engine's run takes for what it is.
        return _isAway ? throw new SqliteException("unable to open database file", 14) : result;
    }
}
