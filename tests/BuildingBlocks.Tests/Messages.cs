using System.Text.Json.Nodes;

namespace BuildingBlocks.Tests;

/// <summary>What the sender tells: <paramref name="Behaviour"/> says how the receiver takes it.</summary>
internal sealed record Told(string Who, int Number, Behaviour Behaviour) : IIntegrationEvent;

/// <summary>Only the receiver takes it.</summary>
internal sealed record Whispered(string Who) : IIntegrationEvent;

/// <summary>The receiver notes how much it had heard before, which it asks its tables.</summary>
internal sealed record Asked(string Who) : IIntegrationEvent;

/// <summary>Nobody takes it.</summary>
internal sealed record Unheard : IIntegrationEvent;

/// <summary>Version 1 was <c>who, song</c>; version 2 was <c>singer, song</c>.</summary>
[MessageVersion(3)]
internal sealed record Sung(string Singer, string Song, int Verses, string? Key = null) : IIntegrationEvent;

internal sealed class SungFrom1 : IUpcaster<Sung>
{
    public int From => 1;

    public void Upcast(JsonObject data)
    {
        data["singer"] = data["who"]!.DeepClone();
        data.Remove("who");
    }
}

internal sealed class SungFrom2 : IUpcaster<Sung>
{
    public int From => 2;

    public void Upcast(JsonObject data) => data["verses"] = 1;
}

/// <summary>A timeout of the sender to itself.</summary>
internal sealed record Reminded(string Who) : IMessage;

internal enum Behaviour
{
    Fine,

    /// <summary>Fails until the test says that it may succeed.</summary>
    FailsUntilAllowed,

    /// <summary>Takes a fiftieth of a second, of which there are 50 in the lease.</summary>
    TakesItsTime,

    /// <summary>Is not done before the test says so.</summary>
    LastsUntilAllowed,
}
