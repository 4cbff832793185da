using System.Globalization;

namespace ModularShop.Cli.Rehearse;

/// <summary>Tells what happens, and in between, in a line that renews itself, how the clients fare.</summary>
internal sealed class Narrator(Recorder recorder, bool isJson)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LivePace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan PlainPace = TimeSpan.FromSeconds(10);

    private readonly TextWriter _out = isJson ? Console.Error : Console.Out;
    private readonly bool _isLive = !(isJson ? Console.IsErrorRedirected : Console.IsOutputRedirected);
    private readonly Lock _writing = new();
    private int _width;

    public void Tell(string text)
    {
        lock (_writing)
        {
            Erase();
            _out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{recorder.Now:mm\\:ss}  {text}"));
        }
    }

    public void Explain(string text)
    {
        lock (_writing)
        {
            Erase();
            _out.WriteLine($"       {text}");
        }
    }

    /// <summary>Shows the figures until it is told to stop.</summary>
    public async Task ShowAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(_isLive ? LivePace : PlainPace, cancellationToken);
                Show(Figures());
            }
        }
        catch (OperationCanceledException)
        {
            lock (_writing)
            {
                Erase();
            }
        }
    }

    private string Figures()
    {
        var now = recorder.Now;
        var (all, failed) = (0, 0);
        var took = new List<double>();
        foreach (var sample in recorder.Samples)
        {
            all++;
            failed += sample.IsOk ? 0 : 1;
            if (sample.Began + sample.Took > now - Window)
            {
                took.Add(sample.Took.TotalMilliseconds);
            }
        }

        took.Sort();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{all:N0} requests, {all - failed:N0} answered as they should be, {failed} not; now {took.Count / Window.TotalSeconds:N0}/s{(took.Count == 0 ? "" : $", p50 {took[took.Count / 2]:N0} ms, slowest {took[^1]:N0} ms")}");
    }

    private void Show(string figures)
    {
        lock (_writing)
        {
            if (_isLive)
            {
                Erase();
                _out.Write($"       {figures}");
                _width = figures.Length + 7;
            }
            else
            {
                _out.WriteLine($"       {figures}");
            }
        }
    }

    private void Erase()
    {
        if (_width > 0)
        {
            _out.Write($"\r{new string(' ', _width)}\r");
            _width = 0;
        }
    }
}
