using ModularShop.Modularity.Data;

namespace ModularShop.MoveTables;

/// <summary>Section <c>MoveTables</c>: where modules' tables may be moved to, and how carefully.</summary>
public sealed record MoveTablesOptions
{
    public const string Section = "MoveTables";

    /// <summary>By module, the database of its service: as the section Database of the service has it.</summary>
    public IReadOnlyDictionary<string, DatabaseOptions> Targets { get; init; } = new Dictionary<string, DatabaseOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>How old a clean comparison may be for writes to be switched and a move to be completed, in minutes; 1 to 1440.</summary>
    public int VDiffMaxAgeMinutes { get; init; } = 60;

    /// <summary>How far the database that follows may be behind when writes are switched, in seconds; 1 to 600.</summary>
    public int SwitchMaxLagSeconds { get; init; } = 5;

    /// <summary>How long a switch may hold writes up before it is taken back, in seconds; 1 to 60.</summary>
    public int SwitchSeconds { get; init; } = 10;

    /// <summary>The copy stands back while a small commit in the host's database takes longer, in milliseconds; 1 to 60000.</summary>
    public int SlowCommitMilliseconds { get; init; } = 250;

    /// <summary>After so long without a sign of life another process coordinates a move, in seconds; 1 to 60.</summary>
    public int LeaseSeconds { get; init; } = 2;

    /// <summary>How long the host's old tables are kept after a move is completed, in hours; 0 to 8760.</summary>
    public int KeepRetiredHours { get; init; } = 168;

    internal string? Problem() =>
        VDiffMaxAgeMinutes is < 1 or > 1440 ? "MoveTables:VDiffMaxAgeMinutes must be 1 to 1440."
        : SwitchMaxLagSeconds is < 1 or > 600 ? "MoveTables:SwitchMaxLagSeconds must be 1 to 600."
        : SwitchSeconds is < 1 or > 60 ? "MoveTables:SwitchSeconds must be 1 to 60."
        : SlowCommitMilliseconds is < 1 or > 60_000 ? "MoveTables:SlowCommitMilliseconds must be 1 to 60000."
        : LeaseSeconds is < 1 or > 60 ? "MoveTables:LeaseSeconds must be 1 to 60."
        : KeepRetiredHours is < 0 or > 8760 ? "MoveTables:KeepRetiredHours must be 0 to 8760."
        : null;
}
