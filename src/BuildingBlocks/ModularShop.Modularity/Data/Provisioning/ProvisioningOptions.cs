namespace ModularShop.Modularity.Data;

/// <summary>Section <c>Provisioning</c>: how <c>--provision</c> makes the roles of a database server.</summary>
public sealed record ProvisioningOptions
{
    /// <summary>The password of the role that migrates, among <see cref="Passwords"/>.</summary>
    public const string Migration = "Migration";

    /// <summary>
    /// Where the configuration with the passwords is written, relative to the content root; that of the role that migrates
    /// goes beside it, into <c>….migration.json</c>.
    /// </summary>
    public string File { get; init; } = "data/database.json";

    /// <summary>What the roles' names begin with; null for the name of the database. Roles belong to the whole server.</summary>
    public string? Prefix { get; init; }

    /// <summary>Prints what an administrator runs instead of running it.</summary>
    public bool Script { get; init; }

    /// <summary>Gives roles that are there already new passwords.</summary>
    public bool NewPasswords { get; init; }

    /// <summary>Says what was done as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>By module, and for the role that migrates <see cref="Migration"/>; who is not named gets one that nobody could guess.</summary>
    public IReadOnlyDictionary<string, string> Passwords { get; init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
}
