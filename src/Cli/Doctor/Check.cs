namespace ModularShop.Cli.Doctor;

/// <summary>What was found where something has to be as the shop needs it.</summary>
/// <param name="Severity"><c>Ok</c>, <c>Warning</c> or <c>Problem</c>.</param>
/// <param name="Mend">Null where there is nothing to do.</param>
internal sealed record Check(string About, string Severity, string Found, string? Mend)
{
    public bool IsProblem => Severity == "Problem";

    public bool IsWarning => Severity == "Warning";

    public static Check Ok(string about, string found, string? mend = null) => new(about, "Ok", found, mend);

    public static Check Warning(string about, string found, string? mend) => new(about, "Warning", found, mend);

    public static Check Problem(string about, string found, string? mend) => new(about, "Problem", found, mend);
}
