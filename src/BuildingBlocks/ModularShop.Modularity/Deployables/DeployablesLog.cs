using Microsoft.Extensions.Logging;

namespace ModularShop.Modularity.Deployables;

internal static partial class DeployablesLog
{
    [LoggerMessage(1201, LogLevel.Information, "{Module}: owned by {Owner} in epoch {Epoch} ({State}), by {By}: {Reason}")]
    public static partial void OwnerChanged(ILogger logger, string module, Owner owner, long epoch, string state, string? by, string? reason);

    [LoggerMessage(1202, LogLevel.Warning, "{Module}: the owner cannot be read, {Owner} in epoch {Epoch} goes on: {Reason}")]
    public static partial void OwnerNotRead(ILogger logger, string module, Owner owner, long epoch, string reason);

    [LoggerMessage(1203, LogLevel.Critical, "{Module}: the database here says {Here} in epoch {Epoch}, and the {There} owns the data in epoch {Later}: this database is an old one. "
        + "Nothing is written to it or answered from it until this process is restarted on the right one")]
    public static partial void OldDatabase(ILogger logger, string module, Owner here, long epoch, Owner there, long later);

    [LoggerMessage(1204, LogLevel.Critical, "{Module} has left this host, and its service says that the monolith owns the data (epoch {Epoch}): nobody writes it. "
        + "Put the module back into the host, and move its data first; or start the service on the database that has it")]
    public static partial void DepartedTooEarly(ILogger logger, string module, long epoch);
}
