using System.Net.Http.Headers;
using System.Net.Http.Json;

namespace ModularShop.TestKit;

/// <summary>Sends what it is given in the name of the demo shop's operator, however long it lasts: logs in anew before a token ends.</summary>
internal sealed class OperatorSession : DelegatingHandler
{
    /// <summary>A token is good for 15 minutes.</summary>
    private static readonly TimeSpan Renewal = TimeSpan.FromMinutes(10);

    private readonly HttpClient _anonymous;
    private readonly SemaphoreSlim _turn = new(1, 1);

    private string _token;
    private long _loggedIn;

    private OperatorSession(HttpClient anonymous, string token) : base(new SocketsHttpHandler()) =>
        (_anonymous, _token, _loggedIn) = (anonymous, token, TimeProvider.System.GetTimestamp());

    /// <param name="anonymous">It is used as long as the session is, and stays the caller's.</param>
    public static async Task<OperatorSession> BeginAsync(HttpClient anonymous) => new(anonymous, await TokenAsync(anonymous));

    /// <summary>Logs in.</summary>
    public static async Task<string> TokenAsync(HttpClient anonymous)
    {
        var tokens = await anonymous.PostAsJsonAsync(
            new Uri("/api/v1/customers/login", UriKind.Relative), new { email = "operator@modularshop.example", password = "demo-operator-1" }).ShouldBeAsync(200);
        return tokens["accessToken"]!.GetValue<string>();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", await CurrentAsync(cancellationToken));
        return await base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _turn.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task<string> CurrentAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (TimeProvider.System.GetElapsedTime(_loggedIn) >= Renewal)
            {
                (_token, _loggedIn) = (await TokenAsync(_anonymous), TimeProvider.System.GetTimestamp());
            }

            return _token;
        }
        finally
        {
            _turn.Release();
        }
    }
}
