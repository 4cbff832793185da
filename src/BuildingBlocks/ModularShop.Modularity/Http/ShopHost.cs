using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.Modularity.Http;

/// <summary>The run of a process that hosts modules.</summary>
public static class ShopHost
{
    /// <summary>Brings the databases up to date and ends: a step of its own when a new version is deployed.</summary>
    private const string Migrate = "--migrate";

    /// <summary>Makes the roles of a database server and ends: once, by its administrator.</summary>
    private const string Provision = "--provision";

    /// <summary>Set by who starts the process and keeps its standard input open: when that ends, because who started it has, so does this.</summary>
    private const string EndWithInput = "EndWithInput";

    /// <summary>
    /// Builds the process, brings the databases up, listens, and runs until told to stop. What a user can mend is
    /// one line on the error stream and exit code 1, not a stack trace.
    /// </summary>
    /// <param name="started">Called once the process listens.</param>
    public static async Task<int> RunAsync(string[] args, Action<WebApplicationBuilder> add, Action<WebApplication> map, Action<WebApplication> started)
    {
        // Not InvariantGlobalization, which says the same: SQL Server's client refuses to connect under it.
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;
        var listens = false;
        try
        {
            var migrateOnly = args.Contains(Migrate, StringComparer.Ordinal);
            // Configuration would take the argument behind one of them for its value.
            string[] settings = [.. args.Where(a => a is not (Migrate or Provision or HostCommand.Docs or HostCommand.Doctor or HostCommand.Multiply))];
            var builder = WebApplication.CreateBuilder(settings);
            builder.Configuration.AddFiles(settings);
            if (migrateOnly)
            {
                builder.Configuration.UseMigrationRole();
            }

            var urls = builder.Configuration["Urls"];
            add(builder);
            // Until it listens, what goes wrong is told below, once.
            builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => listens && level >= LogLevel.Information);
            await using var app = builder.Build();
            map(app);
            if (args.Contains(Provision, StringComparer.Ordinal))
            {
                await app.Services.GetRequiredService<Provisioning>().RunAsync(Console.Out, app.Lifetime.ApplicationStopping);
                return 0;
            }

            if (app.Services.GetServices<HostCommand>().FirstOrDefault(c => args.Contains(c.Argument, StringComparer.Ordinal)) is { } command)
            {
                // Else the endpoints are known only once it listens.
                app.UseEndpoints(_ => { });
                return await command.RunAsync(app.Lifetime.ApplicationStopping);
            }

            var databases = app.Services.GetRequiredService<DatabaseStartup>();
            if (migrateOnly)
            {
                await databases.MigrateAsync(app.Lifetime.ApplicationStopping);
                await Console.Out.WriteLineAsync($"Every database is migrated: {string.Join(", ", app.Services.GetRequiredService<ModuleRegistry>().Modules.Select(m => m.Name))}.");
                return 0;
            }

            app.Services.GetService<IStartupValidator>()?.Validate();
            await databases.RunAsync(app.Lifetime.ApplicationStopping);
            await StartAsync(app, urls);
            listens = true;
            started(app);
            if (app.Configuration.GetValue<bool>(EndWithInput))
            {
                StopAtEndOfInput(app.Lifetime);
            }

            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (Exception e) when (!listens && StartFailure.LineFor(e) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return 1;
        }
    }

    /// <summary>On a thread of its own, for the read may never return.</summary>
    private static void StopAtEndOfInput(IHostApplicationLifetime lifetime) => new Thread(() =>
    {
        using var input = Console.OpenStandardInput();
        input.CopyTo(Stream.Null);
        lifetime.StopApplication();
    }) { IsBackground = true, Name = EndWithInput }.Start();

    private static async Task StartAsync(WebApplication app, string? urls)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e)
        {
            // What has started before the port was refused goes down in order: it gives its leases back.
            await app.StopAsync();
            if (e is SocketException)
            {
                // It does not say itself which address it is about.
                throw new StartException($"Failed to listen on {string.Join(", ", new[] { urls, app.Configuration["Peers:Listen"] }.OfType<string>())}: {e.Message}. {StartFailure.OtherAddress}", e);
            }

            throw;
        }
    }
}
