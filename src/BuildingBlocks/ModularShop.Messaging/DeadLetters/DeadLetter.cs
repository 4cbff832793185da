using ModularShop.Modularity.Domain;

namespace ModularShop.Messaging;

/// <summary>A message that its module gave up on.</summary>
/// <param name="Cause">First line of the last error: what dead letters are grouped by.</param>
public sealed record DeadLetter(
    string Module, Guid Id, string Source, string Type, int Version, string Subject, string Sequence, DateTimeOffset Time, int Attempts, string Cause);

/// <summary>With its content and the whole error.</summary>
public sealed record DeadLetterDetails(DeadLetter Letter, string Data, string? TraceParent, string Error);

internal enum MessagesError
{
    [Status(404)] UnknownModule,
    [Status(404)] DeadLetterNotFound,
    [Status(409)] PassedByLater,
}
