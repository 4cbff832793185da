using System.Text.Json;

namespace ModularShop.Cli.Connection;

internal enum TokenSource
{
    /// <summary><c>SHOP_TOKEN</c>.</summary>
    Environment,

    /// <summary>What <c>./shop login</c> kept.</summary>
    LogIn,

    /// <summary>What a host in Development leaves in its data folder.</summary>
    OperatorFile,
}

internal sealed record AccessToken(string Value, TokenSource Source);

/// <summary>
/// The token for a shop: the environment's before a log-in's, a log-in's before the one that a host in Development leaves on
/// this machine.
/// </summary>
internal sealed class Credentials(ShopClient client, Uri address)
{
    /// <summary>A token that is about to expire is not sent any more.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    private string Name => ShopClient.NameOf(address);

    public async Task<AccessToken?> FindAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable("SHOP_TOKEN") is { Length: > 0 } given)
        {
            return new AccessToken(given.Trim(), TokenSource.Environment);
        }

        if (TokenFile.Read(Name) is { } kept)
        {
            return kept.ExpiresAt - Margin > TimeProvider.System.GetUtcNow()
                ? new AccessToken(kept.AccessToken, TokenSource.LogIn)
                : await RefreshAsync(kept.AccessToken, cancellationToken);
        }

        return address.IsLoopback && OperatorToken() is { } token ? new AccessToken(token, TokenSource.OperatorFile) : null;
    }

    /// <summary>Exchanges the refresh token, unless another command has just done so.</summary>
    /// <param name="stale">The access token that is good no more.</param>
    public async Task<AccessToken?> RefreshAsync(string stale, CancellationToken cancellationToken)
    {
        await using (await TokenFile.LockAsync(cancellationToken))
        {
            if (TokenFile.Read(Name) is not { } kept)
            {
                return null;
            }

            if (kept.AccessToken == stale)
            {
                try
                {
                    kept = KeptTokens.Of(await client.SendAnonymouslyAsync("api/v1/customers/refresh", new { refreshToken = kept.RefreshToken }, cancellationToken), kept.Email);
                }
                catch (CommandFailure failure) when (failure.ExitCode == 1)
                {
                    throw CommandFailure.Refused($"Your log-in at {Name} has ended: log in with ./shop login.");
                }

                TokenFile.Write(Name, kept);
            }

            return new AccessToken(kept.AccessToken, TokenSource.LogIn);
        }
    }

    public string WhyNotKnown(AccessToken? token) => token?.Source switch
    {
        TokenSource.Environment => $"The token in SHOP_TOKEN is not accepted at {Name}, it may have expired: set another one, or unset it and log in with ./shop login.",
        TokenSource.LogIn => $"Your log-in at {Name} is not accepted any more: log in with ./shop login.",
        TokenSource.OperatorFile => $"{OperatorTokenFile} is not of the shop at {Name}: log in with ./shop login, or name its data folder in SHOP_DATA.",
        _ => $"You are not logged in at {Name}: log in with ./shop login.",
    };

    public static string Whose(AccessToken? token) => token?.Source switch
    {
        TokenSource.Environment => "The token in SHOP_TOKEN",
        TokenSource.OperatorFile => $"The token in {OperatorTokenFile}",
        _ => "Your log-in",
    };

    private static string OperatorTokenFile => Path.Combine(
        Environment.GetEnvironmentVariable("SHOP_DATA") is { Length: > 0 } folder ? folder : Path.Combine(Repository.Root, "src", "Host", "data"), "operator.token");

    private static string? OperatorToken()
    {
        try
        {
            return File.ReadAllText(OperatorTokenFile).Trim() is { Length: > 0 } token ? token : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is none, or it is somebody else's.
            return null;
        }
    }
}
