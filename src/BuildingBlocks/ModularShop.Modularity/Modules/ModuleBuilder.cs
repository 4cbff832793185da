using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Modularity.Modules;

/// <summary>What a module is given to register itself with.</summary>
public sealed class ModuleBuilder(IModule module, IServiceCollection services, IConfiguration configuration, IHostEnvironment environment)
{
    public string Name => module.Name;

    public Assembly Assembly => module.GetType().Assembly;

    /// <summary>The namespace the module lives in: what is found by scanning is found below it.</summary>
    public string Namespace => module.GetType().Namespace!;

    public IServiceCollection Services => services;

    /// <summary>The section of configuration that bears the module's name.</summary>
    public IConfiguration Configuration { get; } = configuration.GetSection(module.Name);

    public IHostEnvironment Environment => environment;

    /// <summary>The module's DbContext; null until <c>AddDatabase</c> has been called.</summary>
    public Type? DbContextType { get; internal set; }

    /// <summary>
    /// Options bound to <c>&lt;Module&gt;:&lt;section&gt;</c>, checked at start: a bad value stops the host with
    /// a message that names key, value and what is allowed.
    /// </summary>
    public ModuleBuilder AddOptions<TOptions>(string section, params (Func<TOptions, bool> Rule, string Message)[] rules)
        where TOptions : class
    {
        var options = services.AddSettings<TOptions>($"{Name}:{section}");
        foreach (var (rule, message) in rules)
        {
            options.Validate(rule, $"{Name}:{section}: {message}");
        }

        return this;
    }
}

/// <summary>The modules of this process, in the order in which the host added them.</summary>
/// <param name="departed">In the monolith: modules that it had, and that are in their services now.</param>
public sealed class ModuleRegistry(IReadOnlyList<LoadedModule> modules, IReadOnlyList<DepartedModule>? departed = null)
{
    public IReadOnlyList<LoadedModule> Modules { get; } = modules;

    /// <summary>Modules that are not in this host any more, and in their services alone.</summary>
    public IReadOnlyList<DepartedModule> Departed { get; } = departed ?? [];

    public LoadedModule? Find(string name) => Modules.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase));

    public DepartedModule? FindDeparted(string name) => Departed.FirstOrDefault(m => string.Equals(m.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>That there is no module of the name here; and where it is, if that is known.</summary>
    public string Absent(string name) => FindDeparted(name) is { } departed
        ? $"{departed.Name} has left this host: its code and its data are in its service."
        : $"There is no module '{name}' here; there are {string.Join(", ", Modules.Select(m => m.Name))}.";

    public LoadedModule this[string name] => Find(name)
        ?? throw new KeyNotFoundException($"There is no module '{name}' here; there are {string.Join(", ", Modules.Select(m => m.Name))}.");

    /// <summary>The module that defines <paramref name="type"/>.</summary>
    public LoadedModule Of(Type type) => Modules.FirstOrDefault(m => m.Defines(type))
        ?? throw new InvalidOperationException($"{type} belongs to no module of this process.");
}

/// <summary>A module of this process.</summary>
public sealed record LoadedModule(IModule Module, Type DbContextType)
{
    public string Name => Module.Name;

    public string Schema { get; } = Module.Name.ToLowerInvariant();

    internal bool Defines(Type type) => type.Assembly == Module.GetType().Assembly
        && $"{type.Namespace}.".StartsWith($"{Module.GetType().Namespace}.", StringComparison.Ordinal);
}
