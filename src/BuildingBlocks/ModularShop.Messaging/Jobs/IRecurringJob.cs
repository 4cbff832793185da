namespace ModularShop.Messaging;

/// <summary>
/// Work a module does every so often, in the process that holds its lease, never twice at once. A run that
/// fails is logged and the next one comes at its time, so a run looks for whatever is due, not for what is new.
/// </summary>
public interface IRecurringJob
{
    Task RunAsync(CancellationToken cancellationToken);
}

/// <summary>A job as a module registered it; <c>&lt;Module&gt;:Jobs:&lt;Name&gt;</c> in configuration overrides the interval.</summary>
public sealed record RecurringJob(string Module, string Name, Type Type, TimeSpan Every);
