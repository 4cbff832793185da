using System.Buffers.Text;
using System.CommandLine;
using System.Text.Json;
using ModularShop.Cli.Connection;
using ModularShop.Cli.Terminal;

namespace ModularShop.Cli.LogIn;

internal static class LogInCommand
{
    public static Command Make()
    {
        var email = new Option<string>("--email") { Description = "Of the account.", HelpName = "address" };
        var password = new Option<string>("--password") { Description = "Seen by everybody on this machine while the command runs: better be asked for it.", HelpName = "text" };
        return new ShopCommand(
            "login",
            "Log in, for the commands that follow; what is not given is asked for. Tokens are kept per shop, and renewed by themselves.",
            "./shop login",
            "./shop login --email operator@modularshop.example",
            "SHOP_TOKEN=… ./shop routes list    (a token instead of a log-in)")
        {
            email,
            password,
        }.Does((parsed, shop, cancellationToken) => LogInAsync(
            shop, parsed.GetValue(email) ?? Prompts.Ask("--email", "Email:"), parsed.GetValue(password) ?? Prompts.AskSecretly("--password", "Password:"), cancellationToken));
    }

    private static async Task LogInAsync(Shop shop, string email, string password, CancellationToken cancellationToken)
    {
        var answer = await shop.Client.SendAnonymouslyAsync("api/v1/customers/login", new { email, password }, cancellationToken);
        var tokens = KeptTokens.Of(answer, email);
        var name = ShopClient.NameOf(shop.Address);
        await using (await TokenFile.LockAsync(cancellationToken))
        {
            TokenFile.Write(name, tokens);
        }

        var role = RoleOf(tokens.AccessToken);
        if (shop.Output.IsJson)
        {
            // Not the tokens: what is printed ends in logs.
            shop.Output.Json(JsonSerializer.Serialize(new { url = name, email, role }));
            return;
        }

        shop.Output.Line($"Logged in at {name} as {email} ({role}).");
        if (role != "operator")
        {
            shop.Output.Line("Most commands are for operators.");
        }
    }

    /// <summary>Read, not checked: checking is the shop's.</summary>
    private static string RoleOf(string token)
    {
        using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[1]));
        return claims.RootElement.GetProperty("role").GetString()!;
    }
}
