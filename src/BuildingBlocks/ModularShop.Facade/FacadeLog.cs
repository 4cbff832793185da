using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Facade;

internal static partial class FacadeLog
{
    [LoggerMessage(2500, LogLevel.Information, "Routing revision {Revision} is in effect ({By}: {Reason})")]
    public static partial void InEffect(ILogger logger, long revision, string by, string reason);

    [LoggerMessage(2501, LogLevel.Error, "The routing file is not valid; revision {Revision} stays in effect. {Errors}")]
    public static partial void Rejected(ILogger logger, long revision, string errors);

    [LoggerMessage(2502, LogLevel.Warning, "The monolith answers {Endpoint} in place of the service: {Reason}")]
    public static partial void FellBack(ILogger logger, string endpoint, string reason);

    [LoggerMessage(2503, LogLevel.Warning, "The routing cannot be watched: {Reason} It is tried again; revision {Revision} stays in effect.")]
    public static partial void NotWatched(ILogger logger, string reason, long revision);

    [LoggerMessage(2504, LogLevel.Warning, "An answer of {Endpoint} could not be compared with the service's; it counts as an error of the service")]
    public static partial void NotCompared(ILogger logger, Exception exception, string endpoint);

    [LoggerMessage(2505, LogLevel.Warning, "A rollout stays where it is: {Reason}")]
    public static partial void NotConducted(ILogger logger, string reason);

    [LoggerMessage(2506, LogLevel.Warning, "{File} says what no revision of the routing has ever said, and is not read: Facade:Store is Database, change the routing with ./shop routes")]
    public static partial void FileIgnored(ILogger logger, string file);

    [LoggerMessage(2507, LogLevel.Warning, "The name in {Destination} cannot be looked up, and is tried again; addresses known from before stay: {Reason}")]
    public static partial void NameNotFound(ILogger logger, string destination, string reason);

    [LoggerMessage(2508, LogLevel.Warning, "The routing's table cannot be read, and is tried again; the revision in effect stays: {Reason}")]
    public static partial void StoreIsAway(ILogger logger, string reason);

    [LoggerMessage(2509, LogLevel.Warning, "{Endpoint} has no answer, and the client was told to try again. Of the service: {Failure}; the data here: {Place}, {Lag} behind; the owner: {Owner} in epoch {Epoch}")]
    public static partial void Refused(ILogger logger, string endpoint, string? failure, DataPlace place, TimeSpan? lag, Owner owner, long epoch);

    [LoggerMessage(2510, LogLevel.Information, "{Module}: its data here follows; {Requests} kinds of write were executed {Times} times each and undone, in {Elapsed} ms, so that the first behind a switch find their code compiled")]
    public static partial void WarmedUp(ILogger logger, string module, int requests, int times, long elapsed);

    [LoggerMessage(2511, LogLevel.Warning, "{Module}: its data here follows, and a write that was to be executed and undone fails: {Reason} Nothing was changed; behind a switch, a client's may fail as well")]
    public static partial void NotWarmedUp(ILogger logger, string module, string reason);

    [LoggerMessage(2520, LogLevel.Warning, "The service broke off in the middle of an answer of {Endpoint} ({Reason}); the client's connection was broken, and it has to ask again")]
    public static partial void BrokenOff(ILogger logger, string endpoint, string reason);
}
