using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Readiness;

/// <summary>How much it is that leaves.</summary>
/// <param name="Types">As they are written, those of its Contracts included.</param>
/// <param name="Lines">Of C#, without migrations.</param>
internal sealed record ModuleSize(int Types, int Lines, int Tables, int Endpoints)
{
    public static ModuleSize Of(Solution solution, Module module, int tables, int endpoints) => new(
        module.Code.Types().Concat(module.Contracts.Types()).Count(t => !t.IsGenerated() && !t.IsMigration()),
        solution.Sources.Where(s => !s.IsMigration && s.Path.StartsWith($"src/Modules/{module.Name}/", StringComparison.Ordinal)).Sum(s => s.Lines.Length),
        tables, endpoints);

    /// <summary>Of its own things: outbox, inbox and the like are every module's.</summary>
    public static IReadOnlyList<string> TablesOf(Module module) =>
    [
        .. EfModels.Of(module).SelectMany(m => m.Model?.GetEntityTypes() ?? []).Where(e => IsOwn(module, e)).Select(e => e.GetTableName()).OfType<string>()
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    public static IReadOnlyList<string> EndpointsOf(Module module) =>
    [
        .. module.Code.Types().SelectMany(t => t.Methods).SelectMany(Il.EndpointNames).Select(n => n.Name).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    private static bool IsOwn(Module module, IEntityType entity) =>
        entity.ClrType.Assembly == module.Loaded || entity.FindOwnership()?.PrincipalEntityType.ClrType.Assembly == module.Loaded;
}
