using ModularShop.Boundaries.Engine;
using Mono.Cecil.Cil;

namespace ModularShop.Boundaries.Rules;

internal sealed class NetworkCallsGoThroughGuardedClients : IRule
{
    private static readonly HashSet<string> Unguarded = new(StringComparer.Ordinal)
    {
        "System.Net.Http.HttpClient", "System.Net.Http.HttpMessageInvoker", "System.Net.Http.HttpClientHandler", "System.Net.Http.SocketsHttpHandler",
        "System.Net.Sockets.Socket", "System.Net.Sockets.TcpClient", "System.Net.Sockets.UdpClient", "System.Net.WebSockets.ClientWebSocket",
        "System.Net.WebClient", "System.Net.Mail.SmtpClient",
    };

    public string Sentence => "Rule 9: a module calls the network through IHttpClientFactory, whose clients refuse to be used inside a transaction.";

    public Concern Concern => Concern.Writes;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Modules.SelectMany(m => m.Code.Calls())
            .Where(call => call.At.OpCode.Code is Code.Newobj && Unguarded.Contains(call.DeclaringType))
            .Select(call => new Violation(Sentence, call.Where, $"creates a {call.Target.DeclaringType.Name}.",
                "take an IHttpClientFactory and create the client by name: it has limits, traces and the guard."))
            .Distinct(),
    ];
}
