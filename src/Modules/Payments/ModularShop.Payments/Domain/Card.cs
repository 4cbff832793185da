namespace ModularShop.Payments.Domain;

/// <summary>A customer's card as far as the shop knows it: the provider's token for it, and what a customer recognises it by.</summary>
internal sealed class Card : AggregateRoot
{
    public required string Token { get; init; }

    /// <summary>Nobody else can pay with it.</summary>
    public Guid CustomerId { get; init; }

    public required string Brand { get; init; }

    public required string Last4 { get; init; }

    public DateTimeOffset AddedAt { get; init; }
}

/// <summary>The digits on a card: well-formed or not, and whose they are.</summary>
internal static class CardNumber
{
    public static string Normalise(string number) => string.Concat(number.Where(c => c is not (' ' or '-')));

    /// <summary>12 to 19 digits whose check digit is right. Source: ISO/IEC 7812-1 (Luhn).</summary>
    public static bool IsValid(string number)
    {
        if (number.Length > 40 || Normalise(number) is not { Length: >= 12 and <= 19 } digits || !digits.All(char.IsAsciiDigit))
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var doubled = i % 2 == 1 ? digit * 2 : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0;
    }

    public static string BrandOf(string digits) => digits switch
    {
        ['4', ..] => "visa",
        ['5', >= '1' and <= '5', ..] or ['2', >= '2' and <= '7', ..] => "mastercard",
        ['3', '4' or '7', ..] => "amex",
        _ => "card",
    };
}
