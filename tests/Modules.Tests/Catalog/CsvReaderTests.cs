using System.Text;
using ModularShop.Catalog.Infrastructure.Csv;

namespace Modules.Tests.Catalog;

/// <summary>RFC 4180, and what files do that break it.</summary>
public sealed class CsvReaderTests
{
    [Theory]
    [InlineData("a,b,c", new[] { "a", "b", "c" })]
    [InlineData("", new string[0])]
    [InlineData("a,,", new[] { "a", "", "" })]
    [InlineData(",", new[] { "", "" })]
    [InlineData("\"a\",\"\"", new[] { "a", "" })]
    [InlineData("\"a,b\",c", new[] { "a,b", "c" })]
    [InlineData("\"a \"\"quoted\"\" word\",\"\"\"\"", new[] { "a \"quoted\" word", "\"" })]
    [InlineData("\"two\r\nlines\",b", new[] { "two\nlines", "b" })]
    [InlineData("\"\n\n\"", new[] { "\n\n" })]
    [InlineData("a b , c", new[] { "a b ", " c" })]
    [InlineData("crêpe,日本,😀", new[] { "crêpe", "日本", "😀" })]
    public async Task Fields_are_read(string text, string[] fields)
    {
        foreach (var end in (string[])["", "\n", "\r\n"])
        {
            var records = await ReadAsync(text + end);
            records.SelectMany(r => r.Fields).ShouldBe(fields);
            records.ShouldAllBe(r => r.Problem == null && r.Line == 1);
        }
    }

    [Fact]
    public async Task A_record_has_the_number_of_its_first_line()
    {
        var records = await ReadAsync("a\r\n\r\n\"b\nb\nb\",1\n\nc\n");
        records.Select(r => (r.Line, r.Fields[0])).ShouldBe([(1, "a"), (3, "b\nb\nb"), (7, "c")]);
    }

    [Theory]
    [InlineData("\"open,1\nb,2\nc,3", "never closed", 0)]
    [InlineData("\"open,1\n\"b\",2\nc,3", "follows the closing quote", 0)]
    [InlineData("x,\"a\"b\nb,2\nc,3", "follows the closing quote", 1)]
    [InlineData("6\" nails,2\nb,2\nc,3", "does not begin with one", 0)]
    public async Task A_broken_line_costs_itself_and_no_other(string text, string problem, int fieldsBefore)
    {
        var records = await ReadAsync(text);
        records[0].Line.ShouldBe(1);
        records[0].Problem.ShouldNotBeNull().ShouldContain(problem);
        records[0].Fields.Count.ShouldBe(fieldsBefore);
        records.Skip(1).Select(r => (r.Line, r.Fields[0], r.Problem)).ShouldBe([(2, "b", null), (3, "c", null)]);
    }

    [Fact]
    public async Task An_open_quote_does_not_swallow_a_long_file()
    {
        var text = new StringBuilder("a,\"open\n");
        for (var i = 0; i < 20_000; i++)
        {
            text.Append("good,").Append(i).Append('\n');
        }

        var records = await ReadAsync(text.ToString());
        records[0].Problem.ShouldNotBeNull().ShouldContain("not closed within");
        records.Count.ShouldBe(20_001);
        records[^1].ShouldSatisfyAllConditions(r => r.Line.ShouldBe(20_001), r => r.Fields.ShouldBe(["good", "19999"]));
    }

    [Fact]
    public async Task A_line_without_end_is_skipped_and_not_kept_in_memory()
    {
        var records = await ReadAsync(new string('x', 5_000_000) + "\nb,2");
        records[0].Problem.ShouldNotBeNull().ShouldContain("longer than");
        records[1].ShouldSatisfyAllConditions(r => r.Line.ShouldBe(2), r => r.Fields.ShouldBe(["b", "2"]));
    }

    [Fact]
    public async Task What_is_written_is_read_whatever_it_contains()
    {
        var random = new Random(4180);
        var expected = Enumerable.Range(0, 2000).Select(_ => Enumerable.Range(0, 3).Select(_ => Text(random)).ToArray()).ToList();
        var written = string.Concat(expected.Select(fields => string.Join(',', fields.Select(f => $"\"{f.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")) + "\r\n"));
        var records = await ReadAsync(written);
        records.Select(r => r.Problem).ShouldAllBe(p => p == null);
        records.SelectMany(r => r.Fields).ShouldBe(expected.SelectMany(f => f));
    }

    private static string Text(Random random) => string.Concat(Enumerable.Range(0, random.Next(20)).Select(_ => "ab,\"\n é"[random.Next(7)]));

    private static async Task<List<CsvRecord>> ReadAsync(string text)
    {
        var reader = new CsvReader(new StringReader(text));
        var records = new List<CsvRecord>();
        while (await reader.ReadAsync(CancellationToken.None) is { } record)
        {
            records.Add(record);
        }

        return records;
    }
}
