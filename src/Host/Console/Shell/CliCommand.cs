namespace ModularShop.Host.Console;

/// <summary>What does the same in a terminal, ready to be copied.</summary>
internal static class CliCommand
{
    /// <summary>Stands for a reason that has not been typed yet.</summary>
    public const string NoReason = "…";

    /// <param name="words">As they are; null and empty ones are left out.</param>
    public static string Of(params IEnumerable<string?> words) => "./shop " + string.Join(' ', words.Where(w => !string.IsNullOrEmpty(w)));

    /// <summary><c>--name "value"</c>, or nothing where there is no value.</summary>
    public static string? Option(string name, string? value) => string.IsNullOrEmpty(value) ? null : $"--{name} {Quote(value)}";

    public static string Reason(string? reason) => $"--reason {Quote(string.IsNullOrWhiteSpace(reason) ? NoReason : reason.Trim())}";

    /// <summary>As a shell reads it: between double quotes what means nothing there, else between single ones.</summary>
    public static string Quote(string text) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '/' or ',') ? text
        : !text.AsSpan().ContainsAny("\"\\$`!\n\r") ? $"\"{text}\""
        : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
