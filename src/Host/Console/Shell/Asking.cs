using ModularShop.Host.Pages;

namespace ModularShop.Host.Console;

/// <summary>How the console asks for what it can say without: one module that is silent keeps nobody from seeing the others.</summary>
internal static class Asking
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>An answer, or after a while the problem that there is none.</summary>
    /// <exception cref="ApiRefusedException">Who asks is not known any more: a page leads to the log-in then, and a part of one begins anew.</exception>
    public static async Task<ApiAnswer<T>> TryGetAsync<T>(this ShopApi api, string target, int? takes = null)
    {
        try
        {
            var answer = await api.GetAsync<T>(target, Patience, takes);
            return answer.Status == StatusCodes.Status401Unauthorized ? throw new ApiRefusedException(answer.Problem!) : answer;
        }
        catch (TimeoutException)
        {
            const int status = StatusCodes.Status504GatewayTimeout;
            return new ApiAnswer<T>(status, default, new ApiProblem(status, "console.no_answer", $"Unknown: no answer within {Patience.TotalSeconds} s."));
        }
    }
}
