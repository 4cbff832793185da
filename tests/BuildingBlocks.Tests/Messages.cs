namespace BuildingBlocks.Tests;

/// <summary>What the sender tells: <paramref name="Behaviour"/> says how the receiver takes it.</summary>
internal sealed record Told(string Who, int Number, Behaviour Behaviour) : IIntegrationEvent;

/// <summary>Only the receiver takes it.</summary>
internal sealed record Whispered(string Who) : IIntegrationEvent;

/// <summary>Nobody takes it.</summary>
internal sealed record Unheard : IIntegrationEvent;

/// <summary>A timeout of the sender to itself.</summary>
internal sealed record Reminded(string Who) : IMessage;

internal enum Behaviour
{
    Fine,

    /// <summary>Fails until the test says that it may succeed.</summary>
    FailsUntilAllowed,
}
