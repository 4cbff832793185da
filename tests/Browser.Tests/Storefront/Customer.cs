namespace Browser.Tests.Storefront;

/// <summary>What customers do, step by step, as they do it: by labels and buttons.</summary>
internal static class Customer
{
    public const string GoodCard = "4242 4242 4242 4242";

    public const string Password = "correct horse battery";

    public const string DeclinedCard = "4000 0000 0000 0002";

    /// <summary>Plenty of it is in stock.</summary>
    public const string Plate = "/products/KIT-0301";

    public static async Task AddToCartAsync(this IPage page, string product, int quantity = 1)
    {
        await page.GotoAsync(product);
        await page.GetByLabel("Quantity").FillAsync($"{quantity}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add to cart" }).ClickAsync();
        await page.WaitForURLAsync("**/cart");
    }

    /// <summary>Opens an account on the page for it, wherever that leads to then; returns its email address.</summary>
    public static async Task<string> RegisterAsync(this IPage page, string? from = "/register")
    {
        if (from is not null)
        {
            await page.GotoAsync(from);
        }

        var email = $"browser-{Guid.CreateVersion7():N}@example.com";
        await page.GetByLabel("Name").FillAsync("Ada Example");
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open the account" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Log out" }).WaitForAsync();
        return email;
    }

    public static async Task GiveAddressAsync(this IPage page)
    {
        await page.GetByLabel("Street and number").FillAsync("Hauptstraße 1");
        await page.GetByLabel("Postal code").FillAsync("10115");
        await page.GetByLabel("Town").FillAsync("Berlin");
        await page.GetByLabel("Keep this address").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on to delivery" }).ClickAsync();
        await page.WaitForURLAsync("**/checkout/payment");
    }

    public static async Task GiveCardAsync(this IPage page, string number = GoodCard)
    {
        await page.GetByLabel("Standard parcel").CheckAsync();
        await page.GetByLabel("Card number").FillAsync(number);
        await page.GetByLabel("Valid until").FillAsync("12/30");
        await page.GetByLabel("Security code").FillAsync("123");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go on to the last look" }).ClickAsync();
        await page.WaitForURLAsync("**/checkout/review");
    }

    public static ILocator PayButton(this IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Pay " });

    /// <summary>With a plate in the cart and an account, as far as the last look before paying.</summary>
    public static async Task ComeToPayAsync(this IPage page, string card = GoodCard)
    {
        await page.RegisterAsync();
        await page.AddToCartAsync(Plate);
        await page.GotoAsync("/checkout");
        await page.GiveAddressAsync();
        await page.GiveCardAsync(card);
    }

    /// <summary>How many orders the customer has.</summary>
    public static async Task<int> OrdersAsync(this IPage page)
    {
        await page.GotoAsync("/orders");
        return await page.Locator(".orders > li").CountAsync();
    }
}
