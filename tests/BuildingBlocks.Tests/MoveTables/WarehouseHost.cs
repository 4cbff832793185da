using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModularShop.MoveTables;

namespace BuildingBlocks.Tests.MoveTables;

/// <summary>A host of the module Warehouse in a process of its own.</summary>
internal static class WarehouseHost
{
    /// <summary>The setting that names a file of steps: the process kills itself at each that is not in it yet, right after adding it.</summary>
    public const string DieAtNewSteps = "DieAtNewSteps";

    public static readonly LoadedModule Module = new(new WarehouseModule(), typeof(WarehouseDbContext));

    public static async Task RunAsync(string[] arguments)
    {
        var builder = MovableModule.Configure(Module, Directory.GetCurrentDirectory(), arguments);
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Services.AddSingleton<MoveSteps, MortalSteps>();
        using var host = builder.Build();
        await host.RunAsync();
    }

    private sealed class MortalSteps(IConfiguration configuration) : MoveSteps
    {
        private readonly string? _file = configuration[DieAtNewSteps];

        protected override void Reached(MoveStep step, bool isDone)
        {
            var line = $"{step} {isDone}";
            if (_file is not null && !File.ReadAllLines(_file).Contains(line, StringComparer.Ordinal))
            {
                File.AppendAllLines(_file, [line]);
                Die();
            }
        }

        /// <summary>kill -9</summary>
        private static void Die()
        {
            using var process = Process.GetCurrentProcess();
            process.Kill();
            // Nothing is done any more while the signal is on its way.
            Thread.CurrentThread.Join();
        }
    }
}
