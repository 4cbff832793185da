using ModularShop.Host.Pages;

namespace ModularShop.Host.Storefront;

/// <summary>An address as it was typed, and what is wrong with it.</summary>
public sealed record AddressForm(PostalAddress Typed, ApiProblem? Problem = null)
{
    /// <summary>For who has typed nothing yet: most people have things sent to themselves.</summary>
    public static AddressForm For(Visit visit) => new(new PostalAddress(visit.Name ?? "", "", "", "", "DE"));

    public static PostalAddress Read(IFormCollection form) => new(
        Text(form, "recipient"), Text(form, "line1"), Text(form, "city"), Text(form, "postalCode"), Text(form, "country"), Optional(form, "line2"), Optional(form, "region"));

    /// <summary>What is wrong with a field, whether the address was the request or a part of it.</summary>
    public string? Wrong(string field) => Problem?.Of(field) ?? Problem?.Of("address." + field);

    private static string Text(IFormCollection form, string field) => form[field].ToString().Trim();

    private static string? Optional(IFormCollection form, string field) => Text(form, field) is { Length: > 0 } text ? text : null;
}
