namespace ModularShop.Cli.Readiness;

/// <summary>What is read of the answer about a module.</summary>
internal sealed record Report(
    string Module, int Score, IReadOnlyList<Loss> Lost, Size Size, IReadOnlyList<Dependency> AskedBy, IReadOnlyList<Dependency> Asks, IReadOnlyList<MessageUse> Publishes,
    IReadOnlyList<MessageUse> Handles, IReadOnlyList<string> Tables, IReadOnlyList<Finding> Findings, Baseline? Baseline)
{
    /// <summary>What makes the command fail.</summary>
    public IReadOnlyList<Finding> Broken => Baseline?.New ?? Findings;
}

internal sealed record Loss(int Points, string Reason, string Page);

internal sealed record Size(int Types, int Lines, int Tables, int Endpoints);

internal sealed record Dependency(string Module, string Request, IReadOnlyList<string> Questions);

internal sealed record MessageUse(string Message, IReadOnlyList<string> With);

internal sealed record Finding(string Rule, string Sentence, string Where, string What, string Instead, string Page);

internal sealed record KnownViolation(string Rule, string Where, string What);

internal sealed record Baseline(string File, int Known, IReadOnlyList<Finding> New, IReadOnlyList<KnownViolation> Mended, bool IsWritten);
