using ModularShop.MoveTables;

namespace ModularShop.Host.Console;

/// <summary>The states of a move, in words.</summary>
internal static class MoveWords
{
    private static readonly MoveState[] Way =
        [MoveState.Created, MoveState.Copying, MoveState.Running, MoveState.Verified, MoveState.ReadsSwitched, MoveState.WritesSwitched, MoveState.Completed];

    public static string Of(MoveState state) => state switch
    {
        MoveState.ReadsSwitched => "Reads switched",
        MoveState.WritesSwitched => "Writes switched",
        MoveState.ReverseFenced => "Reversing",
        MoveState.Fenced => "Switching writes",
        _ => state.ToString(),
    };

    public static string Meaning(MoveState state) => state switch
    {
        MoveState.Created => "Triggers that record changes are being made.",
        MoveState.Copying => "Rows are copied; changes of those that are there already are carried over.",
        MoveState.Running => "All rows are there, and changes are carried over. Compare all rows, or switch reads.",
        MoveState.Verified => "A comparison of all rows has found no difference. Reads can be switched.",
        MoveState.ReadsSwitched => "The service answers reads, the host writes. Compare again, then switch writes.",
        MoveState.Fenced => "Writes wait for a moment while the last changes are carried over.",
        MoveState.WritesSwitched => "The service owns the data; the host’s tables follow. Reverse at any time; complete when you are sure.",
        MoveState.ReverseFenced => "On the way back: writes wait for a moment.",
        MoveState.Completing => "The host’s tables are being retired.",
        MoveState.Completed => "The data is the service’s alone.",
        MoveState.Cancelling => "What was made for the move is being removed.",
        _ => "The move was cancelled: as if nothing had been.",
    };

    /// <summary>The way of every move, with the state between two of them where the move is in one.</summary>
    /// <param name="history">The states as the move has entered them: behind one that it went back to, nothing counts. Null where nobody can tell.</param>
    public static IReadOnlyList<MoveStop> Line(MoveState now, IEnumerable<MoveState>? history)
    {
        List<MoveState> line = [.. Way], gone = [];
        foreach (var state in (history ?? []).Where(s => Way.Contains(s)))
        {
            gone.RemoveAll(s => line.IndexOf(s) >= line.IndexOf(state));
            gone.Add(state);
        }

        switch (now)
        {
            case MoveState.Fenced or MoveState.ReverseFenced:
                line.Insert(line.IndexOf(MoveState.WritesSwitched), now);
                break;
            case MoveState.Completing:
                line.Insert(line.IndexOf(MoveState.Completed), now);
                break;
            case MoveState.Cancelling or MoveState.Cancelled:
                line = [.. gone, now];
                break;
        }

        var here = line.IndexOf(now);
        return [.. line.Select((s, i) => new MoveStop(s, IsHere: i == here, IsDone: i < here && gone.Contains(s), IsPassedOver: history is not null && i < here && !gone.Contains(s)))];
    }
}

/// <summary>A state on the way of a move.</summary>
/// <param name="IsPassedOver">The move is further, and has not been there: reads may be switched without a comparison before.</param>
public sealed record MoveStop(MoveState State, bool IsHere, bool IsDone, bool IsPassedOver);
