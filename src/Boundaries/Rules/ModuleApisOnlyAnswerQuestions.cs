using ModularShop.Boundaries.Engine;
using Mono.Cecil;

namespace ModularShop.Boundaries.Rules;

internal sealed class ModuleApisOnlyAnswerQuestions : IRule
{
    private static readonly string[] Questions =
    [
        "Get", "Find", "List", "Search", "Count", "Is", "Are", "Has", "Can", "Exists", "Quote", "Estimate", "Calculate", "Describe",
    ];

    public string Sentence => "Rule 4: a synchronous call between modules is a question: an I<Name>Api changes nothing, can be cancelled, and does not block.";

    public Concern Concern => Concern.Questions;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Modules.SelectMany(m => m.Contracts.Types()).Where(t => t.IsInterface).SelectMany(t => t.Methods).SelectMany(Check),
    ];

    private IEnumerable<Violation> Check(MethodDefinition method)
    {
        if (!Array.Exists(Questions, q => method.Name.StartsWith(q, StringComparison.Ordinal) && (method.Name.Length == q.Length || !char.IsLower(method.Name[q.Length]))))
        {
            yield return new Violation(Sentence, method.Where(), "does not sound like a question.",
                $"begin its name with {string.Join(", ", Questions)}; if it changes something, make it an ICommandMessage and publish that.");
        }

        if (method.ReturnType is not GenericInstanceType || method.ReturnType.GetElementType().Name is not "Task`1")
        {
            yield return new Violation(Sentence, method.Where(), $"returns {method.ReturnType.Name}.",
                "return Task<T>: the module may answer from another process, and a question has an answer.");
        }

        if (method.Parameters.Count == 0 || method.Parameters[^1].ParameterType.FullName != "System.Threading.CancellationToken")
        {
            yield return new Violation(Sentence, method.Where(), "cannot be cancelled.", "take a CancellationToken as the last parameter.");
        }

        foreach (var parameter in method.Parameters.Where(p => p.ParameterType.Resolve()?.Is("ModularShop.Contracts.IMessage") == true))
        {
            yield return new Violation(Sentence, method.Where(), $"takes the message {parameter.ParameterType.Name}.", "publish the message; the outbox carries it.");
        }
    }
}
