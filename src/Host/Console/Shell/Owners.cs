using ModularShop.Host.Pages;
using ModularShop.Modularity.Deployables;

namespace ModularShop.Host.Console;

/// <summary>The modules as the console knows them: by who owns their data.</summary>
internal static class Owners
{
    public static async Task<IReadOnlyList<OwnershipDetails>> OwnersAsync(this ShopApi api) => (await api.GetAsync<IReadOnlyList<OwnershipDetails>>("/api/v1/ownership")).Needed();

    /// <summary>Of one module, whose own name is in the answer, however an address writes it.</summary>
    /// <exception cref="ApiRefusedException">There is no such module.</exception>
    public static async Task<OwnershipDetails> OwnerAsync(this ShopApi api, string module) =>
        (await api.OwnersAsync()).FirstOrDefault(o => o.Module.Equals(module, StringComparison.OrdinalIgnoreCase))
        ?? throw new ApiRefusedException(new ApiProblem(StatusCodes.Status404NotFound, "console.unknown_module", $"There is no module {module}."));
}
