using System.Globalization;
using System.Text;

namespace ModularShop.Catalog.Domain;

/// <summary>Text as it is searched and sorted: lower case without accents, so that every engine compares it alike.</summary>
internal static class SearchKey
{
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var c in text.Normalize(NormalizationForm.FormD))
        {
            if (CharUnicodeInfo.GetUnicodeCategory(c) is not UnicodeCategory.NonSpacingMark)
            {
                folded.Append(char.ToLowerInvariant(c));
            }
        }

        return folded.ToString();
    }
}
