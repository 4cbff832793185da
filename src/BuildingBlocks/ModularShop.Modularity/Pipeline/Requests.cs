using MediatR;
using ModularShop.Modularity.Domain;

namespace ModularShop.Modularity.Pipeline;

/// <summary>Changes the module's state: validated, handled, and saved in one transaction if it succeeds.</summary>
public interface ICommand<out TOutcome> : IRequest<TOutcome>
    where TOutcome : IOutcome<TOutcome>;

/// <summary>Reads the module's state: validated and handled; nothing is saved.</summary>
public interface IQuery<out TOutcome> : IRequest<TOutcome>
    where TOutcome : IOutcome<TOutcome>;

/// <summary>
/// Failures of the pipeline and the edge, the same in every module. A module's own failures are the members of
/// its own enum.
/// </summary>
public enum RequestError
{
    [Status(400)] Malformed,
    [Status(400)] Cursor,
    [Status(400)] Invalid,
    [Status(401)] Unauthenticated,
    [Status(403)] Forbidden,
    [Status(404)] NotFound,
    [Status(405)] MethodNotAllowed,
    [Status(409)] Conflict,
    [Status(413)] TooLarge,
    [Status(415)] UnsupportedMediaType,
    [Status(429)] TooManyRequests,
    [Status(500)] Unexpected,
    [Status(503)] Unavailable,

    /// <summary>It may have been done: the database was told to commit, and did not answer.</summary>
    [Status(503)] OutcomeUnknown,
}
