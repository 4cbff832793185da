using System.Text.RegularExpressions;
using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed partial class NamesSayWhatATypeIsFor : IRule
{
    public string Sentence => "No Helpers, Utils, Commons or Managers: a name says what a type is for.";

    public Concern Concern => Concern.Style;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Sources.SelectMany(file => file.CodeLines.Select((line, i) => (Match: Declaration.Match(line), Line: i + 1))
            .Where(d => d.Match.Success)
            .Select(d => new Violation(Sentence, $"{file.Path}:{d.Line}", $"declares {d.Match.Groups["name"].Value}.", "name it after what it does, or move its methods to the types they are about."))),
    ];

    [GeneratedRegex(@"\b(class|struct|record|interface|enum)\s+(struct\s+|class\s+)?(?<name>\w*(Helper|Helpers|Util|Utils|Utilities|Manager|Common))\b",
        RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration { get; }
}
