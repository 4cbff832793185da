using System.Text;

namespace ModularShop.Documentation;

/// <summary>A page of Markdown as it is written, with the same line ends everywhere.</summary>
internal sealed class Page
{
    private readonly StringBuilder _text = new();

    public Page(string title) => Line($"<!-- Written by ./shop docs. -->").Line($"# {title}").Line();

    public Page Line(string text = "")
    {
        _text.Append(text).Append('\n');
        return this;
    }

    public Page Heading(string text) => Line($"## {text}").Line();

    public Page List(IEnumerable<string> items)
    {
        var none = true;
        foreach (var item in items)
        {
            none = false;
            Line($"- {item}");
        }

        return (none ? Line("Nothing.") : this).Line();
    }

    public Page Table(string[] columns, IEnumerable<string[]> rows)
    {
        Row(columns);
        Row([.. columns.Select(_ => "---")]);
        foreach (var row in rows)
        {
            Row(row);
        }

        return Line();
    }

    public Page Mermaid(IEnumerable<string> lines)
    {
        Line("```mermaid");
        foreach (var line in lines)
        {
            Line(line);
        }

        return Line("```").Line();
    }

    public override string ToString() => _text.ToString().TrimEnd('\n') + "\n";

    private void Row(string[] cells) => Line($"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |");
}
