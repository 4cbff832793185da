using System.Globalization;
using System.Text.Json.Serialization;

namespace ModularShop.Contracts;

/// <summary>
/// An exact amount of money: a whole number of the currency's minor units (1250 EUR is 12.50 €) and an
/// ISO 4217 code in upper case. Amounts of different currencies do not mix: arithmetic on them throws
/// <see cref="InvalidOperationException"/>, arithmetic that overflows throws <see cref="OverflowException"/>.
/// </summary>
[method: JsonConstructor]
public readonly record struct Money(long Amount, string Currency) : IComparable<Money>
{
    public static Money Zero(string currency) => new(0, currency);

    public static Money operator +(Money left, Money right) => new(checked(left.Amount + right.SameCurrency(left).Amount), left.Currency);

    public static Money operator -(Money left, Money right) => new(checked(left.Amount - right.SameCurrency(left).Amount), left.Currency);

    public static Money operator *(Money price, int quantity) => new(checked(price.Amount * quantity), price.Currency);

    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    /// <summary>
    /// Reads a decimal amount such as <c>18.00</c> (invariant culture, no thousands separators) exactly.
    /// False where the currency is unknown, the text is no number, or it has more decimals than the currency.
    /// </summary>
    public static bool TryParse(string text, string currency, out Money money)
    {
        money = default;
        if (!Currencies.TryGetMinorUnits(currency, out var digits)
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        for (var i = 0; i < digits; i++)
        {
            if (value > decimal.MaxValue / 10 || value < decimal.MinValue / 10)
            {
                return false;
            }

            value *= 10;
        }

        if (value != decimal.Truncate(value) || value > long.MaxValue || value < long.MinValue)
        {
            return false;
        }

        money = new Money((long)value, currency);
        return true;
    }

    public int CompareTo(Money other) => Amount.CompareTo(other.SameCurrency(this).Amount);

    /// <summary>The amount with the currency's decimals and its code: <c>12.50 EUR</c>.</summary>
    public override string ToString()
    {
        if (!Currencies.TryGetMinorUnits(Currency ?? "", out var digits) || digits == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Amount} {Currency}");
        }

        var unit = 1L;
        for (var i = 0; i < digits; i++)
        {
            unit *= 10;
        }

        var sign = Amount < 0 ? "-" : "";
        var fraction = Math.Abs(Amount % unit).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{Math.Abs(Amount / unit)}.{fraction} {Currency}");
    }

    private Money SameCurrency(Money other) => string.Equals(Currency, other.Currency, StringComparison.Ordinal)
        ? this
        : throw new InvalidOperationException($"{Currency} and {other.Currency} do not mix.");
}
