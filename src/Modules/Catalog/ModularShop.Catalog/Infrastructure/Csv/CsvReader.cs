using System.Text;

namespace ModularShop.Catalog.Infrastructure.Csv;

/// <summary>
/// Reads CSV as RFC 4180 has it, one record at a time and in bounded memory: commas, optional quotes, doubled
/// quotes inside, line breaks inside quotes (which become \n), lines that end in LF or CRLF. Empty lines are
/// no records.
/// </summary>
/// <remarks>
/// A record that is broken costs its first line and no more: reading goes on with the second. So a quote that
/// nobody closes does not swallow the rest of the file.
/// </remarks>
internal sealed class CsvReader(TextReader text)
{
    public const int MaxRecordLength = 64 * 1024;

    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _line = new();
    private readonly Stack<Line> _readAgain = new();
    private int _next;
    private int _end;
    private int _lines;

    /// <summary>Null at the end of the file.</summary>
    public async Task<CsvRecord?> ReadAsync(CancellationToken cancellationToken)
    {
        Line? first;
        do
        {
            first = await NextLineAsync(cancellationToken);
        }
        while (first is { Text: "", IsTooLong: false });

        return first is null ? null
            : first.IsTooLong ? new CsvRecord(first.Number, [], TooLong())
            : await ReadAsync(first, cancellationToken);
    }

    private async Task<CsvRecord> ReadAsync(Line first, CancellationToken cancellationToken)
    {
        var record = new RecordParser();
        record.Add(first.Text);
        var length = first.Text.Length;
        var following = new List<Line>();
        while (record.IsOpen)
        {
            if (await NextLineAsync(cancellationToken) is not { } line)
            {
                record.Fail("The quote is never closed.");
                break;
            }

            following.Add(line);
            length += line.Text.Length + 1;
            if (line.IsTooLong || length > MaxRecordLength)
            {
                record.Fail($"The quote is not closed within {MaxRecordLength} characters.");
                break;
            }

            record.Add(line.Text);
        }

        if (record.Problem is not null)
        {
            following.Reverse();
            following.ForEach(_readAgain.Push);
        }

        return new CsvRecord(first.Number, record.Fields, record.Problem);
    }

    private async Task<Line?> NextLineAsync(CancellationToken cancellationToken)
    {
        if (_readAgain.TryPop(out var again))
        {
            return again;
        }

        _line.Clear();
        var any = false;
        var isTooLong = false;
        while (_next < _end || await FillAsync(cancellationToken))
        {
            any = true;
            var rest = _buffer.AsSpan(_next, _end - _next);
            var length = rest.IndexOf('\n');
            var part = length < 0 ? rest : rest[..length];
            isTooLong |= _line.Length + part.Length > MaxRecordLength;
            if (!isTooLong)
            {
                _line.Append(part);
            }

            _next += part.Length + (length < 0 ? 0 : 1);
            if (length >= 0)
            {
                break;
            }
        }

        if (!any)
        {
            return null;
        }

        if (_line.Length > 0 && _line[^1] == '\r')
        {
            _line.Length--;
        }

        return new Line(++_lines, isTooLong ? "" : _line.ToString(), isTooLong);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        _next = 0;
        _end = await text.ReadAsync(_buffer, cancellationToken);
        return _end > 0;
    }

    private static string TooLong() => $"The line is longer than {MaxRecordLength} characters.";

    private sealed record Line(int Number, string Text, bool IsTooLong);

    private sealed class RecordParser
    {
        private readonly List<string> _fields = [];
        private readonly StringBuilder _field = new();

        public IReadOnlyList<string> Fields => _fields;

        public string? Problem { get; private set; }

        /// <summary>A quote is open at the end of the line.</summary>
        public bool IsOpen { get; private set; }

        public void Fail(string problem) => (Problem, IsOpen) = (problem, false);

        public void Add(string line)
        {
            var i = 0;
            if (IsOpen)
            {
                _field.Append('\n');
                i = Quoted(line, 0);
            }

            while (!IsOpen && Problem is null && i <= line.Length)
            {
                i = i < line.Length && line[i] == '"' ? Quoted(line, i + 1) : Plain(line, i);
            }
        }

        /// <summary>From behind the opening quote to behind the comma that ends the field; the next field begins there.</summary>
        private int Quoted(string line, int i)
        {
            IsOpen = true;
            while (i < line.Length)
            {
                if (line[i] != '"')
                {
                    _field.Append(line[i++]);
                }
                else if (i + 1 < line.Length && line[i + 1] == '"')
                {
                    _field.Append('"');
                    i += 2;
                }
                else if (i + 1 < line.Length && line[i + 1] != ',')
                {
                    Fail("Text follows the closing quote; a quote inside a quoted field is doubled.");
                    return i;
                }
                else
                {
                    IsOpen = false;
                    End();
                    return i + 2;
                }
            }

            return i;
        }

        private int Plain(string line, int i)
        {
            for (; i < line.Length && line[i] != ','; i++)
            {
                if (line[i] == '"')
                {
                    Fail("A quote stands in a field that does not begin with one; quote the whole field and double the quote.");
                    return i;
                }

                _field.Append(line[i]);
            }

            End();
            return i + 1;
        }

        private void End()
        {
            _fields.Add(_field.ToString());
            _field.Clear();
        }
    }
}
