using ModularShop.Modularity.Domain;

namespace ModularShop.Messaging;

/// <summary>A message that its module gave up on.</summary>
/// <param name="Cause">Type and first line of the last exception: what dead letters are grouped by.</param>
public sealed record DeadLetter(
    string Module, Guid Id, string Source, string Type, int Version, string Subject, string Sequence, DateTimeOffset Time, int Attempts, string Cause);

/// <summary>With its content and the whole error.</summary>
public sealed record DeadLetterDetails(DeadLetter Letter, string Data, string? TraceParent, string Error);

internal enum MessagesError
{
    [Status(404)] UnknownModule,
    [Status(404)] DeadLetterNotFound,
    [Status(409)] PassedByLater,

    /// <summary>What a message is to be changed to is not one of its type.</summary>
    [Status(400)] NotItsType,

    [Status(409)] NotTheOwner,
    [Status(429)] InboxFull,
}

/// <summary>Dead letters that failed alike.</summary>
/// <param name="Cause">Type and first line of the exception, at most 200 characters.</param>
/// <param name="Type">Of the messages.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Oldest">When the first of them was published.</param>
public sealed record DeadLetterCause(string Cause, string Type, int Count, DateTimeOffset Oldest);

/// <summary>Which dead letters to retry: those of a cause, of a type, or of both.</summary>
public sealed record RetryRequest(string? Cause = null, string? Type = null, bool Force = false);

/// <param name="Retried">Put back to be handled.</param>
/// <param name="PassedByLater">Left as they are: later messages of their subjects have been handled since.</param>
public sealed record RetryOutcome(int Retried, int PassedByLater);
