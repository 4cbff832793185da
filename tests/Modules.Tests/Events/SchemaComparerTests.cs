using ModularShop.Contracts;
using ModularShop.Messaging.Schemas;

namespace Modules.Tests.Events;

/// <summary>What breaks a consumer and what does not, each on a record before and after.</summary>
public sealed class SchemaComparerTests
{
    private enum Mood
    {
        Fine,
        Glum,
    }

    private enum CalmerMood
    {
        Fine,
        Calm,
    }

    private enum FewerMoods
    {
        Fine,
    }

    private enum MoreMoods
    {
        Fine,
        Glum,
        Merry,
    }

    public static TheoryData<Type, string> Breaking => new()
    {
        { typeof(Removed), "Field note has been removed." },
        { typeof(Renamed), "Field amount has been removed, or renamed to total, which is of the same type." },
        { typeof(OtherType), "Field amount was an integer (int64) and is a string." },
        { typeof(OtherFormat), "Field orderId was a string (uuid) and is a string." },
        { typeof(Narrower), "Field amount was an integer (int64) and is an integer (int32)." },
        { typeof(Scalar), "Field lines was an array and is an object." },
        { typeof(NoLongerNull), "Field note could be null and no longer can: a message that was sent with null is no longer read." },
        { typeof(NewlyRequired), "Field reason is new and required: a message that was sent without it is no longer read." },
        { typeof(NewlyRequiredThoughNullable), "Field reason is new and required: a message that was sent without it is no longer read." },
        { typeof(NewWithoutValue), "Field reason is new, may be absent, and has no value then: make it nullable, or give the parameter a default." },
        { typeof(OptionalRequired), "Field count was optional and is required: a message that was sent without it is no longer read." },
        { typeof(ValueRemoved), "Field mood: the value \"glum\" has been removed." },
        { typeof(ValueRenamed), "Field mood: the value \"glum\" has been removed, or renamed to \"calm\"." },
        { typeof(EnumOtherType), "Field mood was an enum and is a string." },
        { typeof(LineFieldRenamed), "Field lines[].sku has been removed, or renamed to code, which is of the same type." },
        { typeof(MapOfOtherValues), "Field names{} was a string and is an integer (int32)." },
    };

    public static TheoryData<Type, string> Bearable => new()
    {
        { typeof(NewOptional), "Field reason is new and optional." },
        { typeof(NewWithDefault), "Field pieces is new and optional." },
        { typeof(NewNullableProperty), "Field reason is new and optional." },
        { typeof(ValueAdded), "Field mood: the value \"merry\" is new; a consumer that switches over mood must know it before it is sent." },
        { typeof(NowNull), "Field sku can be null now: a consumer that is deployed apart must be deployed before null is sent." },
        { typeof(Wider), "Field count was an integer (int32) and is an integer (int64): a consumer that is deployed apart must be deployed before it is sent." },
        { typeof(RequiredOptional), "Field sku was required and is optional: a consumer that is deployed apart must be deployed before it is left out." },
        { typeof(OtherDefault), "Field count, where a message lacks it, was 1 and is 2." },
    };

    [Theory]
    [MemberData(nameof(Breaking))]
    public void Breaks(Type after, string change) => Compare(after).ShouldBe([new SchemaChange(change, Breaks: true)]);

    [Theory]
    [MemberData(nameof(Bearable))]
    public void Breaks_nobody(Type after, string change) => Compare(after).ShouldBe([new SchemaChange(change, Breaks: false)]);

    [Fact]
    public void A_record_is_like_itself() => Compare(typeof(Before)).ShouldBeEmpty();

    [Fact]
    public void Every_change_is_told()
    {
        var changes = SchemaComparer.Compare(MessageSchema.Of(typeof(Line)), MessageSchema.Of(typeof(Mess)));
        changes.Count(c => c.Breaks).ShouldBe(2);
        changes.Count(c => !c.Breaks).ShouldBe(1);
    }

    [Fact]
    public void A_renamed_field_is_recognised_though_something_in_it_has_changed_too() =>
        SchemaComparer.Compare(MessageSchema.Of(typeof(Parcel)), MessageSchema.Of(typeof(RenamedParcel))).Select(c => c.Text).ShouldBe(
        [
            "Field line has been removed, or renamed to item, which is of the same type.",
            "Field item.sku has been removed, or renamed to code, which is of the same type.",
        ]);

    [Fact]
    public void What_the_comparer_does_not_understand_breaks()
    {
        var before = MessageSchema.Of(typeof(Before));
        var after = MessageSchema.Of(typeof(Before));
        after["properties"]!["sku"]!["pattern"] = "^[A-Z]*$";
        SchemaComparer.Compare(before, after).ShouldBe([new SchemaChange("Field sku: pattern was absent and is \"^[A-Z]*$\".", Breaks: true)]);
    }

    [Fact]
    public void A_type_that_occurs_twice_stands_in_both_places() =>
        MessageSchema.Text(MessageSchema.Of(typeof(Pair))).ShouldNotContain("$ref");

    [Fact]
    public void A_message_that_contains_itself_is_refused() =>
        Should.Throw<NotSupportedException>(() => MessageSchema.Of(typeof(Nest))).Message.ShouldBe("Nest contains itself; a message is a tree of values.");

    private static IReadOnlyList<SchemaChange> Compare(Type after) => SchemaComparer.Compare(MessageSchema.Of(typeof(Before)), MessageSchema.Of(after));

    private sealed record Line(string Sku, int Quantity);

    private sealed record CodeLine(string Code, int Quantity);

    private sealed record Mess(string Number, string Quantity, int? More = null);

    private sealed record Parcel(Line Line);

    private sealed record RenamedParcel(CodeLine Item);

    private sealed record Pair(Line First, Line Second, Money Price, Money Discount);

    private sealed record Nest(string Name, IReadOnlyList<Nest> Inner);

    private sealed record Before(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record Removed(
        Guid OrderId, string Sku, long Amount, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record Renamed(
        Guid OrderId, string Sku, long Total, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record OtherType(
        Guid OrderId, string Sku, string Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record OtherFormat(
        string OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record Narrower(
        Guid OrderId, string Sku, int Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record Scalar(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, Line Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record NoLongerNull(
        Guid OrderId, string Sku, long Amount, string Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record NewlyRequired(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, string Reason, int Count = 1);

    private sealed record NewlyRequiredThoughNullable(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, string? Reason, int Count = 1);

    private sealed record NewWithoutValue(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1)
    {
        public string Reason { get; init; } = "";
    }

    private sealed record OptionalRequired(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count);

    private sealed record ValueRemoved(
        Guid OrderId, string Sku, long Amount, string? Note, FewerMoods Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record ValueRenamed(
        Guid OrderId, string Sku, long Amount, string? Note, CalmerMood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record EnumOtherType(
        Guid OrderId, string Sku, long Amount, string? Note, string Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record LineFieldRenamed(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<CodeLine> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record MapOfOtherValues(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, int> Names, int Count = 1);

    private sealed record NewOptional(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1,
        string? Reason = null);

    private sealed record NewWithDefault(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1,
        int Pieces = 1);

    private sealed record NewNullableProperty(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1)
    {
        public string? Reason { get; init; }
    }

    private sealed record ValueAdded(
        Guid OrderId, string Sku, long Amount, string? Note, MoreMoods Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record NowNull(
        Guid OrderId, string? Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1);

    private sealed record Wider(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, long Count = 1);

    private sealed record RequiredOptional(
        Guid OrderId, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 1, string Sku = "none");

    private sealed record OtherDefault(
        Guid OrderId, string Sku, long Amount, string? Note, Mood Mood, IReadOnlyList<Line> Lines, IReadOnlyDictionary<string, string> Names, int Count = 2);
}
