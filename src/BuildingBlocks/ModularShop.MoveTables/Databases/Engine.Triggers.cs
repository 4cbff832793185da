using System.Data.Common;
using System.Security.Cryptography;
using System.Text;

namespace ModularShop.MoveTables;

/// <remarks>The triggers on the tables of a module that is moved.</remarks>
internal abstract partial class Engine
{
    /// <summary>Both triggers of a table, off.</summary>
    public abstract IEnumerable<string> CreateTriggers(string schema, MovedTable table);

    public abstract IEnumerable<string> DropTriggers(string schema, MovedTable table);

    /// <summary>How many triggers record the changes of a table, and how many deny them.</summary>
    protected abstract (int Capture, int Deny) TriggersPerTable { get; }

    /// <summary>The triggers of <see cref="CreateTriggers"/> that are there, and whether each does anything.</summary>
    public abstract Task<List<TriggerState>> TriggersAsync(DbConnection connection, DbTransaction? transaction, string schema, CancellationToken cancellationToken);

    /// <summary>Whether they do what the tables of a database that is written, or of one that follows, need: somebody who changes a table may drop its triggers, or switch them off.</summary>
    public async Task<bool> AreTriggersSetAsync(DbConnection connection, string schema, MovedTables tables, bool isWritten, CancellationToken cancellationToken)
    {
        var triggers = await TriggersAsync(connection, null, schema, cancellationToken);
        var (recording, denying) = (Of(CapturePrefix), Of(DenyPrefix));
        // Those that record do no harm where nothing but the stream writes; without them there would be no way back.
        return recording.Count == TriggersPerTable.Capture * tables.InOrder.Count && denying.Count == TriggersPerTable.Deny * tables.InOrder.Count
            && (!isWritten || recording.All(t => t.IsOn)) && denying.All(t => t.IsOn != isWritten);

        List<TriggerState> Of(string prefix) => triggers.FindAll(t => t.Name.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Another one than before where the triggers that record changes were dropped, made or switched meanwhile, however they are by now.</summary>
    public async Task<string> RecordingAsync(DbConnection connection, string schema, CancellationToken cancellationToken)
    {
        var recording = (await TriggersAsync(connection, null, schema, cancellationToken)).Where(t => t.Name.StartsWith(CapturePrefix, StringComparison.Ordinal));
        var all = string.Join('\n', recording.Select(t => $"{t.Name} {t.IsOn} {t.Version}").Order(StringComparer.Ordinal));
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(all)).AsSpan(0, 8));
    }

    /// <summary>Switches the triggers of all tables on or off, null leaves them as they are; effective with the commit.</summary>
    public abstract Task SwitchTriggersAsync(
        DbConnection connection, DbTransaction transaction, string schema, MovedTables tables, bool? capture, bool? deny, CancellationToken cancellationToken);
}

/// <param name="Version">Another one whenever the trigger is made or switched.</param>
internal sealed record TriggerState(string Name, bool IsOn, string Version);
