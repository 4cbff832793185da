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
    public static IReadOnlyList<(MoveState State, bool IsDone, bool IsHere)> Line(MoveState now)
    {
        List<MoveState> line = [.. Way];
        switch (now)
        {
            case MoveState.Fenced or MoveState.ReverseFenced:
                line.Insert(line.IndexOf(MoveState.WritesSwitched), now);
                break;
            case MoveState.Completing:
                line.Insert(line.IndexOf(MoveState.Completed), now);
                break;
            case MoveState.Cancelling or MoveState.Cancelled:
                return [.. line.Take(1).Select(s => (s, true, false)), (now, false, true)];
        }

        var here = line.IndexOf(now);
        return [.. line.Select((s, i) => (s, i < here, i == here))];
    }
}
