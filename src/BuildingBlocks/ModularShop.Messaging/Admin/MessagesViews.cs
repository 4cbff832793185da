namespace ModularShop.Messaging;

/// <summary>A type of message on its way from the module that publishes it to one that takes it.</summary>
/// <param name="LastMinute">How many the taker has handled in the last minute, in the process that was asked.</param>
public sealed record MessageFlow(string Type, string From, string To, int LastMinute);

/// <summary>What a module has still to deliver and to handle.</summary>
/// <param name="At">When it was counted.</param>
/// <param name="LagSeconds">How long the message that has been due the longest has waited; 0 where none is due.</param>
/// <param name="Dead">Those the module gave up on.</param>
public sealed record BacklogView(string Module, DateTimeOffset At, OutboxBacklog Outbox, InboxBacklog Inbox, double LagSeconds, int Dead);

/// <param name="Waiting">Deliveries still to be made: one for each subscriber of a message.</param>
/// <param name="Oldest">When the oldest of them was published.</param>
/// <param name="Failing">Those that have been tried in vain.</param>
/// <param name="Trouble">Why the oldest of the failing could not be delivered.</param>
public sealed record OutboxBacklog(int Waiting, DateTimeOffset? Oldest, int Failing, string? Trouble);

/// <param name="Due">To be handled now.</param>
/// <param name="OldestDue">Since when the first of them is due.</param>
/// <param name="Retrying">Failed before, and tried again later.</param>
/// <param name="Later">Not due yet: reminders, and what waits for its retry.</param>
public sealed record InboxBacklog(int Due, DateTimeOffset? OldestDue, int Retrying, int Later);

/// <summary>A message of a trace, as a module knows it.</summary>
/// <param name="At">When it was published.</param>
/// <param name="From">The module that published it.</param>
/// <param name="To">The module that takes it.</param>
/// <param name="State"><c>InOutbox</c>, <c>Pending</c>, <c>Handled</c>, <c>Dead</c> or <c>Discarded</c>.</param>
/// <param name="Cause">Of the last failure.</param>
public sealed record JourneyStep(
    DateTimeOffset At, string From, string To, Guid Id, string Type, string Subject, string State, int Attempts, DateTimeOffset? ReceivedAt, DateTimeOffset? HandledAt, string? Cause);
