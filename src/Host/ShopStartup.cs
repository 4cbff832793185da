using System.Net.Sockets;
using Microsoft.Extensions.Options;
using ModularShop.Host.Welcome;
using ModularShop.Modularity.Data;

namespace ModularShop.Host;

internal static class ShopStartup
{
    /// <summary>
    /// Brings the databases up, listens, says where to go, and runs until told to stop. What a user can mend is
    /// one line on the error stream and exit code 1, not a stack trace.
    /// </summary>
    public static async Task<int> RunShopAsync(this WebApplication app)
    {
        try
        {
            app.Services.GetService<IStartupValidator>()?.Validate();
            await app.Services.GetRequiredService<DatabaseStartup>().RunAsync(app.Lifetime.ApplicationStopping);
            await app.StartAsync();
        }
        catch (OptionsValidationException e)
        {
            return Fail($"The configuration is not valid: {string.Join(" ", e.Failures)}");
        }
        catch (DatabaseStartupException e)
        {
            return Fail(e.Message);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException || e.InnerException is SocketException)
        {
            return Fail($"{e.Message} Another program listens there: stop it, or choose another address with --urls http://localhost:5081.");
        }

        WelcomeText.Print(app, Console.Out);
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }
}
