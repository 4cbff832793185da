namespace ModularShop.Modularity.Examinations;

/// <summary>What was found where something has to be as the program needs it.</summary>
/// <param name="About">Such as <c>database of Catalog</c>.</param>
/// <param name="Found">A sentence or two.</param>
/// <param name="Mend">What to do; null where nothing is to be done, or the sentence says it.</param>
public sealed record Finding(string About, Severity Severity, string Found, string? Mend = null)
{
    public static Finding Ok(string about, string found) => new(about, Severity.Ok, found);

    public static Finding Warning(string about, string found, string? mend = null) => new(about, Severity.Warning, found, mend);

    public static Finding Problem(string about, string found, string? mend = null) => new(about, Severity.Problem, found, mend);
}

public enum Severity
{
    Ok,

    /// <summary>The program runs, but not as well or not as safely as it could, or not everything it can do will be done.</summary>
    Warning,

    /// <summary>The program does not start, or does not do what it is told.</summary>
    Problem,
}

/// <summary>Looks at something that a part of the program needs, and changes nothing.</summary>
public interface IExamination
{
    /// <summary>What it is about, should it fail itself.</summary>
    string About { get; }

    Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken);
}
