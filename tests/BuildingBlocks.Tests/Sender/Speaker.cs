namespace BuildingBlocks.Tests.Sender;

internal sealed class Speaker : AggregateRoot
{
    private readonly List<Note> _notes = [];

    public required string Name { get; init; }

    public int Said { get; private set; }

    public bool WasReminded { get; set; }

    public IReadOnlyList<Note> Notes => _notes;

    public override string Subject => $"speaker/{Name}";

    public void Say(int times, Behaviour behaviour = Behaviour.Fine)
    {
        for (var i = 0; i < times; i++)
        {
            Publish(new Told(Name, ++Said, behaviour));
        }
    }

    public void Whisper() => Publish(new Whispered(Name));

    public void Ask() => Publish(new Asked(Name));

    public void Sing(string song, int verses) => Publish(new Sung(Name, song, verses));

    public void SayNothingOfInterest() => Publish(new Unheard());

    public void RemindAt(DateTimeOffset due) => Schedule(new Reminded(Name), due);

    public void TakeNote(string text) => _notes.Add(new Note { SpeakerId = Id, Number = _notes.Count + 1, Text = text });
}

internal sealed class Note
{
    public Guid SpeakerId { get; init; }

    public int Number { get; init; }

    public required string Text { get; set; }
}
