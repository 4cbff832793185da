using System.Runtime.Versioning;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Cli;

/// <summary>Who an operator is to <c>./shop</c>.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class LogInTests(CliShop shop) : IClassFixture<CliShop>
{
    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly string[] OperatorLogIn = ["login", "--email", "operator@modularshop.example", "--password", "demo-operator-1"];

    [Fact]
    public async Task Who_is_not_logged_in_is_told_how_to()
    {
        using var commands = shop.Stranger();
        (await commands.RunAsync("routes", "list")).ShouldFail(1, "You are not logged in", "log in with ./shop login");
        (await commands.RunAsync("login", "--email", "operator@modularshop.example", "--password", "wrong")).ShouldFail(1, "Email or password is wrong.");
        File.Exists(commands.TokenFile).ShouldBeFalse();
    }

    [Fact]
    public async Task A_log_in_is_kept_for_its_owner_alone_renewed_by_itself_and_ended()
    {
        using var commands = shop.Stranger();
        var said = await commands.RunAsync([.. OperatorLogIn, "--json"]);
        said.ShouldBeJson()["role"]!.GetValue<string>().ShouldBe("operator");
        File.GetUnixFileMode(commands.TokenFile).ShouldBe(OwnersAlone);
        (await commands.RunAsync("routes", "list")).ShouldBeDone();

        var kept = JsonNode.Parse(await File.ReadAllTextAsync(commands.TokenFile))!.AsObject();
        var tokens = kept.Single().Value!;
        var old = tokens["accessToken"]!.GetValue<string>();
        said.Output.ShouldNotContain(old);
        tokens["expiresAt"] = TimeProvider.System.GetUtcNow().AddMinutes(-1).ToString("O");
        await File.WriteAllTextAsync(commands.TokenFile, kept.ToJsonString());
        var both = await Task.WhenAll(commands.RunAsync("routes", "list"), commands.RunAsync("owner", "list"));
        both.ShouldAllBe(b => b.ExitCode == 0);
        JsonNode.Parse(await File.ReadAllTextAsync(commands.TokenFile))!.AsObject().Single().Value!["accessToken"]!.GetValue<string>().ShouldNotBe(old, StringComparer.Ordinal);

        (await commands.RunAsync("logout")).ShouldBeDone();
        (await commands.RunAsync("routes", "list")).ShouldFail(1, "You are not logged in");
    }

    [Fact]
    public async Task A_customer_is_told_that_this_is_for_operators()
    {
        // Who has logged in is who they are, also on the host's machine.
        using var commands = shop.Operator();
        (await commands.RunAsync("login", "--email", "demo@modularshop.example", "--password", "demo-customer-1")).ShouldBeDone().Output.ShouldContain("(customer)");
        (await commands.RunAsync("routes", "list")).ShouldFail(1, "Your log-in is not an operator's", "./shop login");
    }

    [Fact]
    public async Task The_token_of_the_environment_goes_before_a_log_in()
    {
        using var commands = shop.Operator(("SHOP_TOKEN", "no token"));
        (await commands.RunAsync(OperatorLogIn)).ShouldBeDone();
        (await commands.RunAsync("routes", "list")).ShouldFail(1, "The token in SHOP_TOKEN is not accepted");
    }

    [Fact]
    public async Task In_development_the_operators_token_is_its_owners_alone_and_elsewhere_there_is_none()
    {
        File.GetUnixFileMode(Path.Combine(shop.DataFolder, "operator.token")).ShouldBe(OwnersAlone);
        var folder = Directory.CreateTempSubdirectory("modularshop-").FullName;
        using (var tokens = new TestTokens())
        {
            await using var host = await HostProcess.StartAndWaitAsync(folder, "Testing", ("Customers:SigningKey", tokens.Pem));
            Directory.GetFiles(folder, "*.token").ShouldBeEmpty();
        }

        Directory.Delete(folder, recursive: true);
    }
}
