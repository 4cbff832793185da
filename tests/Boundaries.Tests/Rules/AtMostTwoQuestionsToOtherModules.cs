using Boundaries.Tests.Engine;
using Mono.Cecil.Cil;

namespace Boundaries.Tests.Rules;

internal sealed class AtMostTwoQuestionsToOtherModules : IRule
{
    private const int Most = 2;

    public string Sentence => "Rule 4: a request asks other modules at most twice, and never in a loop.";

    public IReadOnlyList<Violation> Check(Solution solution) => [.. solution.Modules.SelectMany(module => Check(solution, module))];

    private IEnumerable<Violation> Check(Solution solution, Module module)
    {
        var questions = module.Code.Calls().Where(call => AsksAnother(solution, module, call)).ToList();
        foreach (var request in questions.GroupBy(q => RequestOf(module, q), StringComparer.Ordinal).Where(g => g.Count() > Most))
        {
            yield return new Violation(Sentence, request.Key,
                $"asks other modules {request.Count()} times: {string.Join(", ", request.Select(q => $"{q.Target.DeclaringType.Name}.{q.Target.Name}").Distinct(StringComparer.Ordinal))}.",
                "ask once for all of it (a method that takes a list of ids), or keep a copy of what it needs, fed by the other module's events.");
        }

        foreach (var question in questions.Where(IsInLoop))
        {
            yield return new Violation(Sentence, question.Where, $"asks {question.Target.DeclaringType.Name}.{question.Target.Name} in a loop.",
                "ask once for all of it: a method that takes a list of ids.");
        }
    }

    private static bool AsksAnother(Solution solution, Module module, Call call) =>
        call.At.OpCode.Code is Code.Callvirt or Code.Call
        && call.Target.DeclaringType.Resolve() is { IsInterface: true } api
        && api.AssemblyName() is var target && target != module.ContractsName
        && solution.Modules.Any(m => m.ContractsName == target);

    /// <summary>The folder of a use case serves one request; elsewhere, and among reactions to messages, a class does.</summary>
    private static string RequestOf(Module module, Call call)
    {
        var type = call.From.DeclaringType.Outermost();
        var features = $"{module.AssemblyName}.Features.";
        return type.Namespace.StartsWith(features, StringComparison.Ordinal) && !type.Namespace.StartsWith(features + "When", StringComparison.Ordinal)
            ? type.Namespace
            : type.Where();
    }

    /// <summary>Between the target of a jump back and the jump.</summary>
    private static bool IsInLoop(Call call) => call.From.Body.Instructions.Any(i =>
        i.Operand is Instruction target && target.Offset <= call.At.Offset && call.At.Offset <= i.Offset && target.Offset < i.Offset);
}
