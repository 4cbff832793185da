using System.Text.RegularExpressions;
using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed partial class TestsWaitOnConditions : IRule
{
    public string Sentence => "Tests wait on conditions, never on sleeps.";

    public Concern Concern => Concern.Style;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Sources.Where(f => f.IsTest).SelectMany(file => file.CodeLines.Select((line, i) => (Match: Sleep.Match(line), Line: i + 1))
            .Where(s => s.Match.Success)
            .Select(s => new Violation(Sentence, $"{file.Path}:{s.Line}", $"calls {s.Match.Value}.", "await what the test waits for, or move a fake TimeProvider."))),
    ];

    [GeneratedRegex(@"\b(Thread\s*\.\s*Sleep|Task\s*\.\s*Delay|SpinWait)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Sleep { get; }
}
