using ModularShop.Boundaries.Engine;
using Mono.Cecil.Cil;

namespace ModularShop.Boundaries.Rules;

internal sealed class AtMostTwoQuestionsToOtherModules : IRule
{
    private const int Most = 2;

    public string Sentence => "Rule 4: a request asks other modules at most twice, and never in a loop.";

    public Concern Concern => Concern.Questions;

    public IReadOnlyList<Violation> Check(Solution solution) => [.. solution.Modules.SelectMany(module => Check(solution, module))];

    private IEnumerable<Violation> Check(Solution solution, Module module)
    {
        var questions = Questions.AskedBy(solution, module.Code).ToList();
        foreach (var request in questions.GroupBy(q => q.Request, StringComparer.Ordinal).Where(g => g.Count() > Most))
        {
            yield return new Violation(Sentence, request.Key,
                $"asks other modules {request.Count()} times: {string.Join(", ", request.Select(q => q.Name).Distinct(StringComparer.Ordinal))}.",
                "ask once for all of it (a method that takes a list of ids), or keep a copy of what it needs, fed by the other module's events.");
        }

        foreach (var question in questions.Where(q => IsInLoop(q.Call)))
        {
            yield return new Violation(Sentence, question.Call.Where, $"asks {question.Name} in a loop.",
                "ask once for all of it: a method that takes a list of ids.");
        }
    }

    /// <summary>Between the target of a jump back and the jump.</summary>
    private static bool IsInLoop(Call call) => call.From.Body.Instructions.Any(i =>
        i.Operand is Instruction target && target.Offset <= call.At.Offset && call.At.Offset <= i.Offset && target.Offset < i.Offset);
}
