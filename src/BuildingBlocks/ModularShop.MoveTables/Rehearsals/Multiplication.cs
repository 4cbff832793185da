using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularShop.Modularity.Data;
using ModularShop.Modularity.Modules;

namespace ModularShop.MoveTables;

/// <summary>With <c>--multiply</c> the program makes a module's tables as big as production's, for a rehearsal, and ends.</summary>
/// <remarks>Section <c>Multiply</c>: <c>Module</c>, <c>Tables</c> (their names, with commas between), <c>Rows</c> (how many there shall be in all of them).</remarks>
internal sealed class Multiplication(ModuleRegistry modules, IServiceScopeFactory scopes, IConfiguration configuration, IHostEnvironment environment)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment())
        {
            throw new ConfigurationException("--multiply invents rows: it is for throwaway databases, in Development alone.");
        }

        var settings = configuration.GetSection("Multiply");
        var module = modules.Modules.Single(m => m.Name == settings["Module"]);
        var tables = (settings["Tables"] ?? "").Split(',').ToHashSet(StringComparer.Ordinal);
        var wanted = settings.GetValue<long>("Rows");
        await using var scope = scopes.CreateAsyncScope();
        var context = (ModuleDbContext)scope.ServiceProvider.GetRequiredService(module.DbContextType);
        var rows = await MultipliedRows.CountAsync(context, tables.Contains, cancellationToken);
        if (rows > 0 && wanted > rows)
        {
            rows += await MultipliedRows.AddAsync(context, (int)((wanted - 1) / rows), tables.Contains, cancellationToken);
        }

        await Console.Out.WriteLineAsync(rows.ToString(CultureInfo.InvariantCulture));
        return 0;
    }
}
