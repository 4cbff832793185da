using System.Text.RegularExpressions;
using System.Xml.Linq;
using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed partial class EverySilencedWarningHasItsReason : IRule
{
    public string Sentence => "A warning is silenced with its reason: a comment above NoWarn, or behind #pragma warning disable.";

    public Concern Concern => Concern.Style;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Projects.SelectMany(p => p.Xml.Descendants().Where(e => e.Name.LocalName is "NoWarn" or "WarningsNotAsErrors" && !HasComment(e))
            .Select(e => new Violation(Sentence, p.Path, $"has <{e.Name.LocalName}>{e.Value}</{e.Name.LocalName}> without a comment.", "say above it why, or better, fix the warning."))),
        .. solution.Projects.SelectMany(p => p.Xml.Descendants().Attributes("NoWarn").Where(a => !HasComment(a.Parent!))
            .Select(a => new Violation(Sentence, p.Path, $"has NoWarn=\"{a.Value}\" without a comment.", "say above it why, or better, fix the warning."))),
        .. solution.Sources.Where(f => !f.IsMigration).SelectMany(UnexplainedPragmas)
            .Select(p => new Violation(Sentence, $"{p.File.Path}:{p.Line + 1}", $"has {p.File.Lines[p.Line].Trim()} without a comment.", "say behind it why, or better, fix the warning.")),
    ];

    private static IEnumerable<(SourceFile File, int Line)> UnexplainedPragmas(SourceFile file) => file.CodeLines
        .Select((code, line) => (Code: code, Line: line))
        .Where(l => Pragma.IsMatch(l.Code) && !file.Lines[l.Line].Contains("//", StringComparison.Ordinal)
            && (l.Line == 0 || !file.Lines[l.Line - 1].TrimStart().StartsWith("//", StringComparison.Ordinal)))
        .Select(l => (file, l.Line));

    /// <summary>Above the element, or behind it on its line.</summary>
    private static bool HasComment(XElement element) =>
        element.NodesBeforeSelf().LastOrDefault(n => !IsSpace(n)) is XComment
        || element.NodesAfterSelf().SkipWhile(n => IsSpace(n) && !((XText)n).Value.Contains('\n')).FirstOrDefault() is XComment;

    private static bool IsSpace(XNode node) => node is XText text && string.IsNullOrWhiteSpace(text.Value);

    [GeneratedRegex(@"^\s*#pragma\s+warning\s+disable\b", RegexOptions.None, 1000)]
    private static partial Regex Pragma { get; }
}
