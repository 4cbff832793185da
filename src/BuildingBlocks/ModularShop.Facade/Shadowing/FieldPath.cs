using System.Globalization;
using System.Text;

namespace ModularShop.Facade;

/// <summary>A step into a JSON value: into a member by its name, or into an element where there is none.</summary>
internal readonly record struct FieldStep(string? Name, int Index)
{
    public const string Any = "*";
    public const int AnyIndex = -1;

    public bool Matches(FieldStep step) => Name is null
        ? step.Name is null && (Index == AnyIndex || Index == step.Index)
        : step.Name is not null && (Name == Any || string.Equals(Name, step.Name, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Fields of a JSON body, as in <c>items[*].price.amount</c>, <c>prices.*</c>, <c>[0].sku</c> and <c>attributes['a.b']</c>; names in any case.</summary>
internal sealed record FieldPath(string Text, IReadOnlyList<FieldStep> Steps)
{
    /// <summary>Null where the text is no path.</summary>
    public static FieldPath? Parse(string text)
    {
        var steps = new List<FieldStep>();
        var at = text.StartsWith('$') ? 1 : 0;
        while (at < text.Length)
        {
            var end = text[at] == '[' ? Bracket(text, at, steps) : Member(text, at, steps);
            if (end < 0)
            {
                return null;
            }

            at = end;
        }

        return steps.Count == 0 ? null : new FieldPath(text, steps);
    }

    public bool Matches(IReadOnlyList<FieldStep> path)
    {
        if (path.Count != Steps.Count)
        {
            return false;
        }

        for (var i = 0; i < path.Count; i++)
        {
            if (!Steps[i].Matches(path[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>As it is written in the list of fields to ignore.</summary>
    public static string Write(IReadOnlyList<FieldStep> path)
    {
        var text = new StringBuilder();
        foreach (var (name, index) in path)
        {
            if (name is null)
            {
                text.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
            else if (name.Length == 0 || name.IndexOfAny(['.', '[', ']', '\'', '$']) >= 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"['{name}']");
            }
            else
            {
                text.Append(text.Length == 0 ? "" : ".").Append(name);
            }
        }

        return text.Length == 0 ? "$" : text.ToString();
    }

    private static int Bracket(string text, int at, List<FieldStep> steps)
    {
        if (text.AsSpan(at).StartsWith("['"))
        {
            var quote = text.IndexOf("']", at + 2, StringComparison.Ordinal);
            if (quote >= 0)
            {
                steps.Add(new FieldStep(text[(at + 2)..quote], 0));
            }

            return quote < 0 ? -1 : quote + 2;
        }

        var end = text.IndexOf(']', at);
        var inside = end < 0 ? "" : text[(at + 1)..end];
        var index = FieldStep.AnyIndex;
        if (inside != "*" && !int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out index))
        {
            return -1;
        }

        steps.Add(new FieldStep(null, index));
        return end + 1;
    }

    private static int Member(string text, int at, List<FieldStep> steps)
    {
        if (text[at] == '.')
        {
            at++;
        }
        else if (at > 0)
        {
            return -1;
        }

        var end = text.AsSpan(at).IndexOfAny('.', '[') is var length and >= 0 ? at + length : text.Length;
        var name = text[at..end];
        if (string.IsNullOrWhiteSpace(name) || name.Contains(']', StringComparison.Ordinal))
        {
            return -1;
        }

        steps.Add(new FieldStep(name, 0));
        return end;
    }
}
