using System.Globalization;
using System.Text.Json.Nodes;

namespace ModularShop.Cli.Rehearse;

/// <summary>One client's history of something that it alone writes: what it reads must be what it has written, no more and no less.</summary>
internal abstract class Account(string name, Caller caller, Recorder recorder)
{
    protected string Name => name;

    protected Caller Caller => caller;

    /// <summary>Writes, and reads what was written.</summary>
    public abstract Task TurnAsync(CancellationToken cancellationToken);

    /// <summary>When all is over: what was acknowledged must be there.</summary>
    public abstract Task CloseAsync(CancellationToken cancellationToken);

    protected void Violated(Violation kind, string text) => recorder.Violated(kind, $"{name}: {text}");
}

/// <summary>A value that is replaced again and again.</summary>
/// <param name="write">The request that sets the value.</param>
/// <param name="valueOf">The value in the answer to <paramref name="read"/>.</param>
/// <param name="most">After which it begins with 1 again.</param>
internal sealed class Register(
    string name, Caller caller, Recorder recorder, Func<long, Request> write, Request read, Func<JsonNode, long?> valueOf, long most = long.MaxValue)
    : Account(name, caller, recorder)
{
    private long _value;

    public override async Task TurnAsync(CancellationToken cancellationToken)
    {
        var value = (_value % most) + 1;
        // After an answer that was none, nobody knows which of the two it is.
        var isKnown = await Caller.AskAsync(write(value), cancellationToken) is not null;
        _value = value;
        if (isKnown)
        {
            await ExpectAsync(Violation.Stale, cancellationToken);
        }
    }

    public override Task CloseAsync(CancellationToken cancellationToken) => _value == 0 ? Task.CompletedTask : ExpectAsync(Violation.Lost, cancellationToken);

    private async Task ExpectAsync(Violation otherwise, CancellationToken cancellationToken)
    {
        if (await Caller.AskAsync(read, cancellationToken) is { } answer && valueOf(answer) is var found && found != _value)
        {
            Violated(otherwise, string.Create(CultureInfo.InvariantCulture, $"{_value} was written, {found?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} is read"));
        }
    }
}

/// <summary>Something that is counted up by one again and again.</summary>
/// <param name="write">The request that adds one, with an idempotency key.</param>
/// <param name="valueOf">The count in the answer to <paramref name="read"/>.</param>
/// <param name="isSoon">Whether a write is done some time after it was acknowledged.</param>
internal sealed class Counter(
    string name, Caller caller, Recorder recorder, Func<string, Request> write, Request read, Func<JsonNode, long?> valueOf, long first, bool isSoon = false)
    : Account(name, caller, recorder)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(90);

    private readonly Recorder _recorder = recorder;
    private long _count = first;
    private bool _isKnown = true;

    public override async Task TurnAsync(CancellationToken cancellationToken)
    {
        if (!_isKnown)
        {
            return;
        }

        _count++;
        _isKnown = await Caller.AskAsync(write($"{Guid.CreateVersion7()}"), cancellationToken) is not null;
        if (_isKnown)
        {
            await ExpectAsync(Violation.Stale, cancellationToken);
        }
    }

    public override Task CloseAsync(CancellationToken cancellationToken) => _isKnown ? ExpectAsync(Violation.Lost, cancellationToken) : Task.CompletedTask;

    private async Task ExpectAsync(Violation otherwise, CancellationToken cancellationToken)
    {
        var until = _recorder.Now + (isSoon ? Soon : TimeSpan.Zero);
        while (await Caller.AskAsync(read, cancellationToken) is { } answer)
        {
            var found = valueOf(answer);
            if (found == _count)
            {
                return;
            }

            if (found > _count || _recorder.Now >= until)
            {
                Violated(found > _count ? Violation.Doubled : otherwise, string.Create(CultureInfo.InvariantCulture, $"{_count} were counted, {found?.ToString(CultureInfo.InvariantCulture) ?? "nothing"} is read"));
                return;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
