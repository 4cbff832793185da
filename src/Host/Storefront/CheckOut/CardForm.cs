using System.Globalization;
using ModularShop.Host.Pages;

namespace ModularShop.Host.Storefront;

/// <summary>A card as it was typed. It is exchanged for a token at once; no page shows it again and no log has it.</summary>
internal sealed record CardForm(object Card, ApiProblem? Problem)
{
    public static CardForm Read(IFormCollection form)
    {
        var digits = form["expiry"].ToString().Split('/', ' ', '-') switch
        {
            [{ Length: 1 } month, var year] => "0" + month + year,
            var parts => string.Concat(parts),
        };
        return digits is { Length: 4 or 6 } && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new CardForm(new
            {
                number = form["number"].ToString(),
                expiryMonth = int.Parse(digits[..2], CultureInfo.InvariantCulture),
                expiryYear = int.Parse((digits.Length == 4 ? "20" : "") + digits[2..], CultureInfo.InvariantCulture),
                cvc = form["cvc"].ToString().Trim(),
            }, null)
            : new CardForm("", new ApiProblem(400, "card", "Something is wrong with the card; please type it again.", new Dictionary<string, string[]>(StringComparer.Ordinal)
            {
                ["expiryMonth"] = ["Month and year as they are on the card, such as 09/30."],
            }));
    }

    public override string ToString() => "a card";
}
