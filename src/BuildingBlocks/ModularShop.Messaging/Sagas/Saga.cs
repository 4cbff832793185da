using ModularShop.Modularity.Domain;

namespace ModularShop.Messaging;

/// <summary>
/// A process over several modules, as a persisted state machine: it sends commands, moves on with what other
/// modules answer, compensates when one refuses, and gives up waiting when a timeout comes first. Saved in the
/// inbox transaction of the message that moved it, so a crash never leaves it between two states.
/// </summary>
public abstract class Saga<TState> : AggregateRoot
    where TState : struct, Enum
{
    private readonly List<SagaStep> _steps = [];

    public TState State { get; private set; }

    /// <summary>What happened, oldest first.</summary>
    public IReadOnlyList<SagaStep> Steps => _steps;

    protected void MoveTo(TState state, DateTimeOffset at, string note)
    {
        State = state;
        _steps.Add(new SagaStep { SagaId = Id, Number = _steps.Count + 1, State = state.ToString(), At = at, Note = note });
    }

    /// <summary>
    /// Sends <paramref name="timeout"/> back to this module at <paramref name="due"/>. It is not cancelled: the
    /// handler does nothing when the saga has moved on.
    /// </summary>
    protected void RemindAt(DateTimeOffset due, IMessage timeout) => Schedule(timeout, due);
}

/// <summary>One step of a saga's way, for operators.</summary>
public sealed class SagaStep
{
    public Guid SagaId { get; init; }

    public int Number { get; init; }

    public required string State { get; init; }

    public DateTimeOffset At { get; init; }

    public required string Note { get; init; }
}
