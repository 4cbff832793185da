using ModularShop.Boundaries.Engine;

namespace ModularShop.Boundaries.Rules;

internal sealed class FilesStayReadable : IRule
{
    private const int MostLines = 300;

    public string Sentence => "A file has at most 300 lines, migrations excepted.";

    public Concern Concern => Concern.Style;

    public IReadOnlyList<Violation> Check(Solution solution) =>
    [
        .. solution.Sources.Where(f => !f.IsMigration)
            .Select(f => (f.Path, Lines: f.Text.TrimEnd().Split('\n').Length))
            .Where(f => f.Lines > MostLines)
            .Select(f => new Violation(Sentence, f.Path, $"has {f.Lines} lines.", "give each of the things it does a file with a name of its own.")),
    ];
}
