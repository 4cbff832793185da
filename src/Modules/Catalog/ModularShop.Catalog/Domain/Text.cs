namespace ModularShop.Catalog.Domain;

/// <summary>What people write: of control characters only line breaks and tabs, and no half characters, which databases refuse.</summary>
internal static class Text
{
    public const string Rule = "It contains a character that is no text.";

    public static bool IsPlain(string? text)
    {
        for (var i = 0; i < text?.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]) || (char.IsControl(text[i]) && text[i] is not ('\n' or '\r' or '\t')))
            {
                return false;
            }
        }

        return true;
    }
}
