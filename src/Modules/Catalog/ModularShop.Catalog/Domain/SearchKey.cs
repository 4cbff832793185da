using System.Globalization;
using System.Text;

namespace ModularShop.Catalog.Domain;

/// <summary>Text as it is searched and sorted: lower case, Latin letters without their accents, so that every engine compares it alike.</summary>
internal static class SearchKey
{
    private const int MaxWords = 8;

    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (LatinLetter(c) is { } letters)
            {
                folded.Append(letters);
            }
            else if (char.IsControl(c))
            {
                folded.Append(' ');
            }
            else if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark)
            {
                folded.Append(char.ToLowerInvariant(c));
            }
        }

        return folded.ToString();
    }

    /// <summary>The words of a search; those after the eighth do not count.</summary>
    public static IReadOnlyList<string> Words(string? search) =>
        [.. Fold(search ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal).Take(MaxWords)];

    /// <summary>The plain letters of an accented one. A table: without ICU, string.Normalize leaves text as it is.</summary>
    private static string? LatinLetter(char c) => c switch
    {
        < 'À' or > 'ſ' or '×' or '÷' => null,
        'Æ' or 'æ' => "ae",
        'Œ' or 'œ' => "oe",
        'Þ' or 'þ' => "th",
        'ß' => "ss",
        'Ĳ' or 'ĳ' => "ij",
        (>= 'À' and <= 'Å') or (>= 'à' and <= 'å') or (>= 'Ā' and <= 'ą') => "a",
        'Ç' or 'ç' or (>= 'Ć' and <= 'č') => "c",
        'Ð' or 'ð' or (>= 'Ď' and <= 'đ') => "d",
        (>= 'È' and <= 'Ë') or (>= 'è' and <= 'ë') or (>= 'Ē' and <= 'ě') => "e",
        >= 'Ĝ' and <= 'ģ' => "g",
        >= 'Ĥ' and <= 'ħ' => "h",
        (>= 'Ì' and <= 'Ï') or (>= 'ì' and <= 'ï') or (>= 'Ĩ' and <= 'ı') => "i",
        'Ĵ' or 'ĵ' => "j",
        >= 'Ķ' and <= 'ĸ' => "k",
        >= 'Ĺ' and <= 'ł' => "l",
        'Ñ' or 'ñ' or (>= 'Ń' and <= 'ŋ') => "n",
        (>= 'Ò' and <= 'Ö') or 'Ø' or (>= 'ò' and <= 'ö') or 'ø' or (>= 'Ō' and <= 'ő') => "o",
        >= 'Ŕ' and <= 'ř' => "r",
        (>= 'Ś' and <= 'š') or 'ſ' => "s",
        >= 'Ţ' and <= 'ŧ' => "t",
        (>= 'Ù' and <= 'Ü') or (>= 'ù' and <= 'ü') or (>= 'Ũ' and <= 'ų') => "u",
        'Ŵ' or 'ŵ' => "w",
        'Ý' or 'ý' or 'ÿ' or (>= 'Ŷ' and <= 'Ÿ') => "y",
        _ => "z",
    };
}
