using System.Globalization;

namespace ModularShop.Modularity.Http;

/// <summary>What a kept answer was made of: all of a kind, or the one with that key (in any case).</summary>
public readonly record struct AnswerTag(string Kind, string Key = "");

/// <summary>
/// A version for each tag, raised whenever something that bears the tag has been committed by this process. It is part
/// of what a kept answer is found by: an answer begun before a commit is kept under the version before it, however
/// late it is done, and who asks after the commit does not find it.
/// </summary>
internal sealed class AnswerVersions
{
    /// <summary>A power of two. Tags that share a place are raised together, which costs an answer and makes none wrong.</summary>
    private const int Places = 4096;

    private readonly string[] _versions = new string[Places];
    private long _last;

    public AnswerVersions() => Array.Fill(_versions, "0");

    public string Of(AnswerTag tag) => Volatile.Read(ref _versions[PlaceOf(tag)]);

    /// <remarks>No version is ever given twice, so two who raise the same tag at once need not agree on who comes last.</remarks>
    public void Raise(AnswerTag tag) =>
        Volatile.Write(ref _versions[PlaceOf(tag)], Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture));

    private static int PlaceOf(AnswerTag tag) =>
        HashCode.Combine(string.GetHashCode(tag.Kind, StringComparison.Ordinal), string.GetHashCode(tag.Key, StringComparison.OrdinalIgnoreCase)) & (Places - 1);
}
