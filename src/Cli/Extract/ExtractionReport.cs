namespace ModularShop.Cli.Extract;

/// <summary>What a person reads of an extraction.</summary>
internal static class ExtractionReport
{
    public static IEnumerable<string> Lines(ServiceScaffold scaffold, Extraction extraction, bool isDry)
    {
        var module = scaffold.Module;
        if (extraction.Differing.Count > 0)
        {
            yield return "Left alone, with the rest of the folder, because somebody has edited it:";
            foreach (var path in extraction.Differing)
            {
                yield return $"  {path}";
            }
        }

        if (extraction.Changes.Count == 0)
        {
            yield return $"{module} has its service: nothing had to be done.";
        }
        else
        {
            yield return isDry ? $"For the service of {module} it would write:" : $"Written for the service of {module}:";
            foreach (var change in extraction.Changes)
            {
                yield return $"  {change.Path}{(change.What == "new" ? "" : $": {change.What}")}";
            }
        }

        if (isDry)
        {
            yield return "Nothing has been written.";
            yield break;
        }

        yield return "";
        if (!scaffold.IsInRepository)
        {
            yield return "Build it, and start it beside a host:";
            yield return $"  dotnet run --project {scaffold.Folder}";
            yield break;
        }

        if (extraction.Changes.Any(c => c.What.StartsWith("MoveTables", StringComparison.Ordinal)))
        {
            yield return "A host that runs reads where the tables can be moved to when it is started again.";
        }

        yield return $"Start it beside the host ({scaffold.Listen.GetLeftPart(UriPartial.Authority)}), and see what can be routed to it:";
        yield return $"  ./shop services up {module}";
        yield return $"  ./shop routes list --module {module}";
    }
}
