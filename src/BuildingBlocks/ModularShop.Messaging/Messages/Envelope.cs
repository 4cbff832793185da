namespace ModularShop.Messaging;

/// <summary>
/// A message on its way, with the attribute names of CloudEvents 1.0. <paramref name="Version"/> stands for
/// <c>dataschema</c>. Messages of one (<paramref name="Source"/>, <paramref name="Subject"/>) are handled in the order of
/// <paramref name="Sequence"/>; nothing else orders them.
/// </summary>
/// <param name="Id">UUIDv7; a receiver handles one id once.</param>
/// <param name="Source">The module that published it.</param>
/// <param name="Type">Module and type name: <c>Catalog.ProductPriceChanged</c>.</param>
/// <param name="Version">Version of the shape of <paramref name="Data"/>.</param>
/// <param name="Subject">The aggregate it is about: <c>product/0190…</c>.</param>
/// <param name="Sequence">Position among the messages of its subject.</param>
/// <param name="Time">When it was published, UTC.</param>
/// <param name="TraceParent">W3C trace context of the publisher.</param>
/// <param name="Data">JSON.</param>
public sealed record Envelope(
    Guid Id, string Source, string Type, int Version, string Subject, Sequence Sequence, DateTimeOffset Time, string? TraceParent, string Data);

/// <summary>The version of the aggregate that a save produced, and the place among the messages of that save.</summary>
public readonly record struct Sequence(long Version, int Ordinal) : IComparable<Sequence>
{
    public int CompareTo(Sequence other) => Version != other.Version ? Version.CompareTo(other.Version) : Ordinal.CompareTo(other.Ordinal);
}
