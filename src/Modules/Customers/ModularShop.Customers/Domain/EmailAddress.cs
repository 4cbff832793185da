using System.Text;

namespace ModularShop.Customers.Domain;

/// <summary>What an account is found by: trimmed, lower case, composed, so that one mailbox has one account.</summary>
internal static class EmailAddress
{
    public const int MaxLength = 254;

    private const int MaxLocalLength = 64;

    public static string Normalise(string email) => email.Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant();

    /// <summary>What every mailbox has: something, an @, and a domain with a dot. Whether it exists, only a mail can tell.</summary>
    public static bool IsValid(string email)
    {
        if (!IsReadable(email))
        {
            return false;
        }

        var normalised = Normalise(email);
        var at = normalised.LastIndexOf('@');
        if (at is < 1 or > MaxLocalLength || normalised.Length > MaxLength || normalised.AsSpan(0, at).Contains('@'))
        {
            return false;
        }

        foreach (var c in normalised)
        {
            if (char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or ',' or ';' or ':' or '"' or '(' or ')' or '[' or ']' or '\\')
            {
                return false;
            }
        }

        var labels = normalised[(at + 1)..].Split('.');
        return labels.Length >= 2 && Array.TrueForAll(labels, l => l.Length is > 0 and <= 63 && l[0] != '-' && l[^1] != '-');
    }

    /// <summary>Short enough to look at, and text: half of a surrogate pair is neither normalised nor stored.</summary>
    public static bool IsReadable(string email)
    {
        if (email.Length > MaxLength * 2)
        {
            return false;
        }

        foreach (var rune in email.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }

    public static string LocalPart(string normalised) => normalised.LastIndexOf('@') is > 0 and var at ? normalised[..at] : normalised;
}
