using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class MessageHandlersLeaveTheTransactionToTheInbox : IRule
{
    private static readonly HashSet<string> TransactionCalls = new(StringComparer.Ordinal)
    {
        "SaveChanges", "SaveChangesAsync", "BeginWriteAsync", "BeginTransaction", "BeginTransactionAsync", "CommitTransaction", "CommitTransactionAsync", "UseTransaction", "UseTransactionAsync",
    };

    /// <summary>A command saves when it is done, and forgets all changes when it fails, those of the inbox too.</summary>
    private static readonly HashSet<string> Requests = new(StringComparer.Ordinal) { "MediatR.IMediator", "MediatR.ISender", "MediatR.IPublisher" };

    private static readonly HashSet<string> NetworkTypes = new(StringComparer.Ordinal)
    {
        "System.Net.Http.HttpClient", "System.Net.Http.HttpMessageInvoker", "System.Net.Http.IHttpClientFactory", "System.Net.Http.Json.HttpClientJsonExtensions",
    };

    public string Sentence => "Rule 5: a message handler runs inside the inbox transaction: it neither saves, nor begins or commits a transaction, nor sends a request that does, nor calls the network.";

    public Concern Concern => Concern.MessageHandlers;

    public IReadOnlyList<Violation> Check(Solution solution) => [.. solution.Modules.SelectMany(Check).Distinct()];

    private IEnumerable<Violation> Check(Module module) => MessageHandlers.In(module).SelectMany(handler =>
    {
        var calls = MessageHandlers.CallsWithin(module, handler).ToList();
        return calls.Where(IsTransactional)
            .Select(c => new Violation(Sentence, handler.Where(), $"{Via(handler, c)}calls {c.Target.DeclaringType.Name}.{c.Target.Name}.",
                "change the aggregates and return: the inbox saves, together with the message's completion."))
            .Concat(calls.Where(c => NetworkTypes.Contains(c.DeclaringType))
                .Select(c => new Violation(Sentence, handler.Where(), $"{Via(handler, c)}calls {c.Target.DeclaringType.Name}.{c.Target.Name}.",
                    "record the intent; a job calls with an idempotency key and records the result in a transaction of its own.")));
    });

    private static bool IsTransactional(Call call) => Requests.Contains(call.DeclaringType) || TransactionCalls.Contains(call.Target.Name) && (
        call.DeclaringType.StartsWith("Microsoft.EntityFrameworkCore.", StringComparison.Ordinal)
        || call.Target.DeclaringType.Resolve()?.Is("Microsoft.EntityFrameworkCore.DbContext") == true);

    private static string Via(Mono.Cecil.TypeDefinition handler, Call call) =>
        call.From.DeclaringType.Written() == handler ? "" : $"runs {call.Where}, which ";
}
