using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModularShop.Customers.Contracts;
using ModularShop.Customers.Features.AddAddress;
using ModularShop.Customers.Features.ChangeAddress;
using ModularShop.Customers.Features.ChangeEmail;
using ModularShop.Customers.Features.ChangePassword;
using ModularShop.Customers.Features.ChangePreferences;
using ModularShop.Customers.Features.ChooseDefaultAddress;
using ModularShop.Customers.Features.CloseAccount;
using ModularShop.Customers.Features.CreateOperator;
using ModularShop.Customers.Features.GetCustomer;
using ModularShop.Customers.Features.GetPreferences;
using ModularShop.Customers.Features.GetProfile;
using ModularShop.Customers.Features.GetSigningKeys;
using ModularShop.Customers.Features.ListAddresses;
using ModularShop.Customers.Features.ListCustomers;
using ModularShop.Customers.Features.LogIn;
using ModularShop.Customers.Features.LogOut;
using ModularShop.Customers.Features.LogOutEverywhere;
using ModularShop.Customers.Features.PurgeExpiredTokens;
using ModularShop.Customers.Features.RefreshSession;
using ModularShop.Customers.Features.Register;
using ModularShop.Customers.Features.RemoveAddress;
using ModularShop.Customers.Features.UnlockAccount;
using ModularShop.Customers.Features.UpdateProfile;
using ModularShop.Customers.Infrastructure;
using ModularShop.Customers.Infrastructure.Passwords;
using ModularShop.Customers.Infrastructure.Seed;
using ModularShop.Customers.Infrastructure.Tokens;
using ModularShop.Modularity.Examinations;

namespace ModularShop.Customers;

/// <summary>Accounts, log-in and tokens; addresses and preferences.</summary>
public sealed class CustomersModule : IModule
{
    public string Name => "Customers";

    public void AddServices(ModuleBuilder module)
    {
        module.AddDatabase<CustomersDbContext>().AddMessaging<CustomersDbContext>();
        module.AddRecurringJob<PurgeExpiredTokens>("PurgeExpiredTokens", TimeSpan.FromHours(1));
        module.AddApi<ICustomersApi, CustomersApi>();
        module.Services.AddKeyedScoped<IModuleSeed, ConfiguredAccounts>(Name);
        AddOptions(module);

        module.Services.AddSingleton<PasswordHashes>();
        module.Services.AddScoped<PasswordCheck>();
        module.Services.AddScoped<Sessions>();
        module.Services.AddSingleton<AccessTokens>();
        module.Services.AddHostedService<DevelopmentOperatorToken>();
        module.Services.AddSingleton<TokenKeys>();
        module.Services.Replace(ServiceDescriptor.Singleton<ITokenKeys>(p => p.GetRequiredService<TokenKeys>()));
    }

    public void MapEndpoints(IEndpointRouteBuilder api)
    {
        RegisterEndpoint.Map(api);
        LogInEndpoint.Map(api);
        RefreshSessionEndpoint.Map(api);
        LogOutEndpoint.Map(api);
        LogOutEverywhereEndpoint.Map(api);
        GetSigningKeysEndpoint.Map(api);

        GetProfileEndpoint.Map(api);
        UpdateProfileEndpoint.Map(api);
        ChangePasswordEndpoint.Map(api);
        ChangeEmailEndpoint.Map(api);
        CloseAccountEndpoint.Map(api);
        ListAddressesEndpoint.Map(api);
        AddAddressEndpoint.Map(api);
        ChangeAddressEndpoint.Map(api);
        RemoveAddressEndpoint.Map(api);
        ChooseDefaultAddressEndpoint.Map(api);
        GetPreferencesEndpoint.Map(api);
        ChangePreferencesEndpoint.Map(api);

        CreateOperatorEndpoint.Map(api);
        ListCustomersEndpoint.Map(api);
        GetCustomerEndpoint.Map(api);
        UnlockAccountEndpoint.Map(api);
    }

    private static void AddOptions(ModuleBuilder module)
    {
        module.AddOptions<TokenOptions>(
            "Tokens",
            (o => o.AccessMinutes is >= 1 and <= 1440, "AccessMinutes must be 1 to 1440."),
            (o => o.RefreshDays is >= 1 and <= 365, "RefreshDays must be 1 to 365."),
            (o => o.OperatorHours is >= 1 and <= 720, "OperatorHours must be 1 to 720."),
            (o => o.ReuseGraceSeconds is >= 0 and <= 300, "ReuseGraceSeconds must be 0 to 300."));
        module.AddOptions<LogInOptions>(
            "LogIn",
            (o => o.MaxFailures is >= 1 and <= 1000, "MaxFailures must be 1 to 1000."),
            (o => o.LockMinutes is >= 1 and <= 1440, "LockMinutes must be 1 to 1440."));
        module.AddOptions<PasswordOptions>("Passwords", (o => o.Iterations is >= 1000 and <= 10_000_000, "Iterations must be 1000 to 10000000."));
        module.AddOptions<FirstOperatorOptions>(
            "FirstOperator",
            (o => !o.IsSet || o.IsUsable, "needs an Email, and a Password that keeps the rules for passwords: 12 characters or more, none of the common ones, without the name in the email."));
        module.Services.AddSettings<SigningKeyOptions>(module.Name);
        module.Services.AddSingleton<IValidateOptions<SigningKeyOptions>, SigningKeyRules>();
    }
}
