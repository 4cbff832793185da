using System.Text.Json;
using EndToEnd.Tests.Contracts;

namespace EndToEnd.Tests.Extract;

/// <summary>
/// Payments, Ordering and Customers, extracted and built in a scratch copy, beside the host of this one. Tokens are signed
/// with the key that Development keeps in the data folder that the processes share.
/// </summary>
public sealed class ExtractedShop() : ShopOfServices("Payments", "Ordering", "Customers")
{
    private static readonly string[] Modules = ["Payments", "Ordering", "Customers"];

    private readonly ScratchCopy _copy = new();

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _copy.Dispose();
    }

    /// <summary>An order whose amount is held.</summary>
    internal async Task<AuthorisedOrder> BuyAsync()
    {
        var shopper = await Shopper.RegisterAsync(Client);
        var order = await shopper.BuyAsync("KIT-0101", 1);
        await shopper.BecomesAsync(order, "confirmed");
        return new AuthorisedOrder(order, (await shopper.GetAsync("customers/me"))["id"]!.GetValue<Guid>());
    }

    protected override async Task<string?> ServicesAsync()
    {
        foreach (var module in Modules)
        {
            (await _copy.ExtractAsync(module)).ShouldBeDone();
        }

        _copy.Write("services.slnf", JsonSerializer.Serialize(new
        {
            solution = new { path = "ModularShop.sln", projects = Modules.Select(m => $@"src\Extracted\{m}\ModularShop.{m}.Service.csproj") },
        }));
        await _copy.BuildAsync("services.slnf");
        var keys = Directory.CreateDirectory(Path.Combine(Database.Folder, "keys"));
        await File.WriteAllTextAsync(Path.Combine(keys.FullName, "signing.pem"), SigningKey);
        return Path.Combine(_copy.Root, HostProcess.Services);
    }

    /// <remarks>No parcel arrives by itself: an amount that is held is taken when a test takes it.</remarks>
    protected override IEnumerable<(string Key, string Value)> Settings(string deployable) =>
        [("Shipping:Carrier:Simulate:StepSeconds", "3600"), ("Customers:Passwords:Iterations", "1000"), ("Apis:TimeoutSeconds", "30")];
}

[CollectionDefinition(Name)]
public sealed class ExtractedShops : ICollectionFixture<ExtractedShop>
{
    public const string Name = "extracted shop";
}
