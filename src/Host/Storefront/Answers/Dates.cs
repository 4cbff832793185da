using System.Globalization;

namespace ModularShop.Host.Storefront;

/// <summary>Times as pages show them; the server knows no time zone of its readers, and says which one it means.</summary>
internal static class Dates
{
    public static string Day(this DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Minute(this DateTimeOffset time) => time.UtcDateTime.ToString("d MMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static string Iso(this DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
