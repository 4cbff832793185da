using ModularShop.Modularity.Modules;

namespace ModularShop.Host.Welcome;

/// <summary>What somebody who has just started the shop needs to know.</summary>
internal static class WelcomeText
{
    public static void Print(WebApplication app, TextWriter output)
    {
        var address = app.Urls.First().TrimEnd('/');
        output.WriteLine();
        var modules = app.Services.GetRequiredService<ModuleRegistry>();
        output.WriteLine($"ModularShop runs: {string.Join(", ", modules.Modules.Select(m => m.Name))}");
        if (modules.Departed.Count > 0)
        {
            output.WriteLine($"  services  {string.Join(", ", modules.Departed.Select(m => m.Name))}, which left this host");
        }

        output.WriteLine($"  shop      {address}/");
        output.WriteLine($"  console   {address}/console");
        output.WriteLine($"  API       {address}/openapi");
        output.WriteLine($"  health    {address}/health/ready");
        foreach (var (role, email, password) in DemoAccounts(app.Configuration))
        {
            output.WriteLine($"  {role,-9} {email}  password {password}");
        }

        output.WriteLine("Stop with Ctrl+C.");
    }

    public static IEnumerable<(string Role, string Email, string Password)> DemoAccounts(IConfiguration configuration) =>
        from role in new[] { "Customer", "Operator" }
        let account = configuration.GetSection($"Demo:{role}")
        where account["Email"] is not null && account["Password"] is not null
        select (role.ToLowerInvariant(), account["Email"]!, account["Password"]!);
}
