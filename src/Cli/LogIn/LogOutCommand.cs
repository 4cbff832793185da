using System.CommandLine;
using System.Text.Json;
using ModularShop.Cli.Connection;

namespace ModularShop.Cli.LogIn;

internal static class LogOutCommand
{
    public static Command Make() => new ShopCommand("logout", "End the log-in at this shop.", "./shop logout").Does((_, shop, cancellationToken) => LogOutAsync(shop, cancellationToken));

    private static async Task LogOutAsync(Shop shop, CancellationToken cancellationToken)
    {
        var name = ShopClient.NameOf(shop.Address);
        await using (await TokenFile.LockAsync(cancellationToken))
        {
            if (TokenFile.Read(name) is { } tokens)
            {
                // Here first: who logs out wants the tokens gone, also when the shop does not answer.
                TokenFile.Remove(name);
                await shop.Client.SendAnonymouslyAsync("api/v1/customers/logout", new { refreshToken = tokens.RefreshToken }, cancellationToken);
            }
        }

        if (shop.Output.IsJson)
        {
            shop.Output.Json(JsonSerializer.Serialize(new { url = name }));
        }
        else
        {
            shop.Output.Line($"Logged out at {name}.");
        }
    }
}
