using ModularShop.Host.Pages;

namespace ModularShop.Host.Console;

/// <summary>What an action would do, before somebody says that it shall be done.</summary>
/// <param name="Address">Where this is shown, and where it is done.</param>
/// <param name="Back">Where to go instead.</param>
/// <param name="What">In sentences: what will be, or what keeps it from being done.</param>
/// <param name="Command">The same in a terminal, but for the choice and the reason.</param>
public sealed record Review(string Title, string Address, string Back, string Button, IReadOnlyList<string> What, string Command)
{
    /// <summary>What is sent with it.</summary>
    public IReadOnlyList<(string Name, string? Value)> Fields { get; init; } = [];

    public bool WantsReason { get; init; } = true;

    /// <summary>As it was typed.</summary>
    public string? Reason { get; init; }

    /// <summary>There is no way back, or customers notice it.</summary>
    public bool IsGrave { get; init; }

    /// <summary>False where it cannot be done now.</summary>
    public bool IsPossible { get; init; } = true;

    /// <summary>A choice that goes with it.</summary>
    public ReviewChoice? Choice { get; init; }

    /// <summary>What the command ends with, as things are ticked and typed.</summary>
    public IEnumerable<string?> Chosen => [Choice is { IsTicked: true } choice ? choice.Flag : null, WantsReason ? CliCommand.Reason(Reason) : null];

    /// <summary>Why it was refused.</summary>
    public ApiProblem? Problem { get; init; }

    /// <summary>Lists, statement by statement or check by check.</summary>
    public IReadOnlyList<ReviewList> Lists { get; init; } = [];
}

/// <param name="Name">Of the field, whose value is <c>true</c> where it is ticked.</param>
/// <param name="Flag">What says the same on the command line.</param>
public sealed record ReviewChoice(string Name, string Flag, string Label, bool IsTicked = false);

public sealed record ReviewList(string Title, ReviewListKind Kind, IReadOnlyList<ReviewItem> Items);

public enum ReviewListKind
{
    Things,

    /// <summary>Each with whether it is as it should be.</summary>
    Checks,

    /// <summary>Many, and looked at by few.</summary>
    Statements,
}

/// <param name="Problem">Null where it is as it should be, or is only told.</param>
public sealed record ReviewItem(string Text, string? Problem = null);
