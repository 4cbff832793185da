using Spectre.Console;

namespace ModularShop.Cli.Terminal;

/// <summary>Where a command writes: tables for people, JSON for programs; plain text where nobody looks or colours are not wanted.</summary>
internal sealed class Output
{
    private const int MaxWidth = 100;

    private readonly IAnsiConsole _console;
    private readonly bool _isPlain;

    public Output(bool isJson)
    {
        IsJson = isJson;
        _isPlain = Console.IsOutputRedirected || Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 };
        _console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = _isPlain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = _isPlain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(Console.Out),
        });
        _console.Profile.Width = Console.IsOutputRedirected ? MaxWidth : Math.Min(_console.Profile.Width, MaxWidth);
    }

    public bool IsJson { get; }

    /// <summary>An answer of the shop, as it is.</summary>
    public void Json(string json) => Console.Out.WriteLine(json);

    public void Line(string text = "") => Console.Out.WriteLine(text);

    /// <summary>What must not be overlooked.</summary>
    public void Alarm(string text)
    {
        if (_isPlain)
        {
            Line(text);
        }
        else
        {
            _console.Write(new Text(text + Environment.NewLine, new Style(Color.Red, decoration: Decoration.Bold)));
        }
    }

    /// <summary>A text behind a name in its colour.</summary>
    public void Named(string name, int colour, string text)
    {
        lock (_console)
        {
            if (_isPlain)
            {
                Console.Out.Write($"{name} | ");
            }
            else
            {
                _console.Write(new Text($"{name} | ", new Style(Color.FromInt32(colour))));
            }

            // As it is, however long: lines of a log are searched for.
            Line(text);
        }
    }

    public void Table(string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = _isPlain ? TableBorder.None : TableBorder.Rounded };
        foreach (var column in columns)
        {
            // Somebody copies them into the next command.
            table.AddColumn(new TableColumn(new Text(column)) { NoWrap = column is "Id" or "Type" });
        }

        var none = true;
        foreach (var row in rows)
        {
            none = false;
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        if (none)
        {
            Line("(none)");
        }
        else
        {
            _console.Write(table);
        }
    }
}
