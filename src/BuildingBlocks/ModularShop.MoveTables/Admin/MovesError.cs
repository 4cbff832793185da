using ModularShop.Modularity.Domain;

namespace ModularShop.MoveTables;

/// <summary>Why a move, or a command to one, is refused.</summary>
internal enum MovesError
{
    [Status(404)] UnknownModule,

    /// <summary>The move was completed, and the module's code has left the host.</summary>
    [Status(409)] Departed,

    [Status(409)] NoTarget,
    [Status(409)] CheckFailed,
    [Status(409)] AlreadyMoving,
    [Status(404)] NoMove,
    [Status(409)] NotNow,
    [Status(409)] OneAtATime,
    [Status(503)] NoCoordinator,
}
