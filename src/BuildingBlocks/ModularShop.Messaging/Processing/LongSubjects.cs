namespace ModularShop.Messaging;

/// <summary>
/// Fairness: a subject with so many messages that it fills a batch is left out of the next one, so that the others
/// have their turn.
/// </summary>
internal sealed class LongSubjects
{
    private string? _subject;

    /// <summary>
    /// The subjects of the next batch, as <paramref name="read"/> finds them without the one it is given; with none left
    /// out where there are no others.
    /// </summary>
    public async Task<IReadOnlyList<string>> ChooseAsync(Func<string?, Task<List<string>>> read)
    {
        var previous = _subject;
        _subject = null;
        var found = await read(previous);
        if (found.Count == 0 && previous is not null)
        {
            found = await read(null);
        }

        return [.. found.Distinct(StringComparer.Ordinal)];
    }

    /// <param name="most">As many rows as were asked for.</param>
    public void Remember(IReadOnlyList<MessageRow> rows, int most)
    {
        if (rows.Count == most && rows.CountBy(r => r.Subject, StringComparer.Ordinal).MaxBy(s => s.Value) is var longest && longest.Value > most / 2)
        {
            _subject = longest.Key;
        }
    }
}
