using System.Security.Claims;

namespace ModularShop.Ordering.Features;

internal static class OrderAccess
{
    /// <summary>The customer whose orders alone the user may see; null for operators, who see all.</summary>
    public static Guid? OnlyOrdersOf(this ClaimsPrincipal user) => user.IsInRole(Access.Operator) ? null : user.CustomerId();
}
