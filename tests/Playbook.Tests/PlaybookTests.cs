namespace Playbook.Tests;

/// <summary>The pages of the playbook are true: their commands are executed in the order of the pages, against real processes.</summary>
public sealed class PlaybookTests
{
    [Fact]
    public async Task Every_command_of_the_pages_does_what_its_page_says()
    {
        using var reader = new Reader();
        var differences = new List<string>();
        foreach (var step in Pages().SelectMany(p => p.Steps))
        {
            var outcome = await reader.DoAsync(step);
            if (outcome.Difference is { } difference)
            {
                differences.Add($"migration-playbook/{step}\n{difference}");
            }

            if (outcome.IsLast)
            {
                differences.Add(reader.Terminals());
                break;
            }
        }

        differences.ShouldBeEmpty(string.Join("\n\n", differences));
    }

    [Fact]
    public void Pages_are_numbered_without_a_gap_and_name_files_that_are_there()
    {
        var names = Pages().Select(p => p.Name).Where(n => n != "README.md").ToList();
        names.Select(n => n[..2]).ShouldBe(Enumerable.Range(1, names.Count).Select(n => $"{n:00}"));
        foreach (var page in names.Append("README.md"))
        {
            var folder = Path.Combine(Repository.Root, "migration-playbook");
            foreach (var link in Markdown.LinksOf(File.ReadAllText(Path.Combine(folder, page))))
            {
                var target = Path.GetFullPath(Path.Combine(folder, link));
                (File.Exists(target) || Directory.Exists(target)).ShouldBeTrue($"{page} names {link}");
            }
        }
    }

    [Fact]
    public void Blocks_that_nobody_executes_are_refused()
    {
        Should.Throw<FormatException>(() => Page.Read("page.md", "```bash\nrm\n```\n")).Message.ShouldContain("page.md, line 1");
        Should.Throw<FormatException>(() => Page.Read("page.md", "```sh needs=luck\nrm\n```\n")).Message.ShouldContain("'luck' is none of");
        Should.Throw<FormatException>(() => Page.Read("page.md", "a\n```sh sometimes\nrm\n```\n")).Message.ShouldContain("line 3");
    }

    [Fact]
    public void What_is_printed_is_held_against_the_page_line_by_line()
    {
        var page = Page.Read("page.md", "Do:\n\n```sh\nls\n```\n\n```text\none … three\n…\nend\n```\n\n```sh terminal=a\ntop\n```\n");
        page.Steps.Select(s => (s.Kind, s.Line, s.Terminal)).ShouldBe([(StepKind.Commands, 4, null), (StepKind.Stays, 14, "a")]);
        var expected = page.Steps[0].Expected!;
        Expectation.Matches(expected, "one two three\nx\ny\nend\n").ShouldBeTrue();
        Expectation.Matches(expected, "one two three  \nend\n\n").ShouldBeTrue("spaces and empty lines at an end are not seen");
        Expectation.Matches(expected, "one two four\nend\n").ShouldBeFalse();
        Expectation.Matches(expected, "one two three\nend\nmore\n").ShouldBeFalse();
        Expectation.Begins(expected, "one two three\nend\nmore\n").ShouldBeTrue();
        Expectation.Difference(expected, "one 2 three\nen\n").ShouldStartWith("Not printed: end");
    }

    private static IEnumerable<Page> Pages() => Directory.EnumerateFiles(Path.Combine(Repository.Root, "migration-playbook"), "*.md")
        .Order(StringComparer.Ordinal).Select(f => Page.Read(Path.GetFileName(f), File.ReadAllText(f)));
}
