using System.Globalization;
using System.Text.Json;

namespace ModularShop.Facade;

/// <summary>
/// Compares the monolith's answer with the service's: the status, the headers that matter, and the body, as JSON (members in any
/// order, numbers by their value, elements in order) where both are, else byte by byte.
/// </summary>
internal sealed class AnswerComparer
{
    /// <summary>Of one pair of answers; those behind add nothing.</summary>
    public const int MostDifferences = 20;

    private readonly ShadowRules _rules;
    private readonly Masking _masking;
    private readonly List<Difference> _differences = [];
    private readonly List<FieldStep> _path = [];

    private AnswerComparer(ShadowRules rules) => (_rules, _masking) = (rules, new Masking(rules));

    public static IReadOnlyList<Difference> Compare(Answer monolith, Answer service, ShadowRules rules)
    {
        var comparer = new AnswerComparer(rules);
        if (monolith.Status != service.Status)
        {
            comparer._differences.Add(new Difference("status", Text(monolith.Status), Text(service.Status)));
        }

        comparer.Headers(monolith, service);
        comparer.Body(monolith, service);
        return comparer._differences;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Headers(Answer monolith, Answer service)
    {
        foreach (var name in _rules.Headers)
        {
            var (ours, theirs) = (monolith.Headers.GetValueOrDefault(name), service.Headers.GetValueOrDefault(name));
            var same = string.Equals(name, "Content-Type", StringComparison.OrdinalIgnoreCase)
                ? string.Equals(ours?.Replace(" ", "", StringComparison.Ordinal), theirs?.Replace(" ", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)
                : ours == theirs;
            if (!same)
            {
                var hidden = _masking.Hides(name);
                _differences.Add(new Difference($"header {name}", Show(ours), Show(theirs)));

                string? Show(string? value) => value is null ? null : hidden ? Masking.Differs : Masking.Cut(value);
            }
        }
    }

    private void Body(Answer monolith, Answer service)
    {
        if (monolith.Body.Span.SequenceEqual(service.Body.Span))
        {
            return;
        }

        using var ours = monolith.ReadJson();
        using var theirs = service.ReadJson();
        if (ours is not null && theirs is not null)
        {
            Walk(ours.RootElement, theirs.RootElement);
            return;
        }

        var same = monolith.Body.Span.CommonPrefixLength(service.Body.Span);
        _differences.Add(new Difference("body", Describe(monolith, ours), Describe(service, theirs)));

        string Describe(Answer answer, JsonDocument? json) =>
            string.Create(CultureInfo.InvariantCulture, $"{answer.Body.Length} bytes{(json is null ? ", no JSON" : " of JSON")}, the first {same} the same");
    }

    private void Walk(JsonElement ours, JsonElement theirs)
    {
        if (_differences.Count >= MostDifferences || _rules.Ignores(_path))
        {
            return;
        }

        switch (ours.ValueKind, theirs.ValueKind)
        {
            case (JsonValueKind.Object, JsonValueKind.Object):
                Members(ours, theirs);
                break;
            case (JsonValueKind.Array, JsonValueKind.Array):
                Elements(ours, theirs);
                break;
            case var _ when !JsonElement.DeepEquals(ours, theirs):
                Differ(ours, theirs);
                break;
        }
    }

    private void Members(JsonElement ours, JsonElement theirs)
    {
        foreach (var member in ours.EnumerateObject())
        {
            Step(new FieldStep(member.Name, 0), member.Value, theirs.TryGetProperty(member.Name, out var their) ? their : null);
        }

        foreach (var member in theirs.EnumerateObject().Where(m => !ours.TryGetProperty(m.Name, out _)))
        {
            Step(new FieldStep(member.Name, 0), null, member.Value);
        }
    }

    private void Elements(JsonElement ours, JsonElement theirs)
    {
        var (our, their) = (ours.EnumerateArray(), theirs.EnumerateArray());
        for (var index = 0; _differences.Count < MostDifferences; index++)
        {
            var (isOurs, isTheirs) = (our.MoveNext(), their.MoveNext());
            if (!isOurs && !isTheirs)
            {
                return;
            }

            Step(new FieldStep(null, index), isOurs ? our.Current : null, isTheirs ? their.Current : null);
        }
    }

    private void Step(FieldStep step, JsonElement? ours, JsonElement? theirs)
    {
        _path.Add(step);
        if (ours is { } our && theirs is { } their)
        {
            Walk(our, their);
        }
        else if (_differences.Count < MostDifferences && !_rules.Ignores(_path))
        {
            Differ(ours, theirs);
        }

        _path.RemoveAt(_path.Count - 1);
    }

    private void Differ(JsonElement? ours, JsonElement? theirs)
    {
        var hidden = _path.Exists(s => s.Name is { } name && _masking.Hides(name));
        _differences.Add(new Difference(FieldPath.Write(_path), Show(ours, theirs), Show(theirs, ours)));

        string? Show(JsonElement? value, JsonElement? other) => value is not { } shown ? null : hidden ? Masking.Differs : Masking.Cut(_masking.Write(shown, other));
    }
}
