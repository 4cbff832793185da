using System.Threading.Channels;

namespace ModularShop.Facade;

/// <summary>
/// The routing file of one node. It is the truth: who edits it changes the routing, and who changes the routing by
/// the API finds it in the file.
/// </summary>
internal sealed class FileRoutingStore(string path, RoutingHistory history, RoutingTable table) : IRoutingStore
{
    /// <summary>An editor writes a file in several steps.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(20);

    /// <summary>Where the file system tells nothing, as some mounts do not, the file is looked at this often.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>The file's text that has been told or was written here; null before the first.</summary>
    private Seen? _seen;

    /// <summary>The routing file; null where there is none.</summary>
    public static async Task<string?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            var file = new FileInfo(path);
            return !file.Exists ? null : file.Length > RoutingFile.MaxBytes ? $"{file.Length} bytes are more than a routing file may have." : await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The file cannot be read: {e.Message}";
        }
    }

    public Task<RoutingRevision?> NewestAsync(CancellationToken cancellationToken) => Task.FromResult(history.Read().LastOrDefault());

    public Task<IReadOnlyList<RoutingRevision>> HistoryAsync(int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RoutingRevision>>([.. history.Read().Reverse().Take(most)]);

    public async Task AppendAsync(RoutingRevision revision, bool isInFile, CancellationToken cancellationToken)
    {
        var present = await ReadAsync(path, cancellationToken);
        if (present != revision.Text && (isInFile || present != _seen?.Text))
        {
            throw new RoutingConflictException("Somebody is editing the routing file at this moment. Look at it, and change it again.");
        }

        // A crash between the two: the file is not this revision's, and makes one of its own at the next start.
        history.Append(revision);
        if (present != revision.Text)
        {
            var whole = $"{path}.new";
            await File.WriteAllTextAsync(whole, revision.Text, cancellationToken);
            File.Move(whole, path, overwrite: true);
        }

        _seen = new Seen(revision.Text);
    }

    public async Task LookAsync(Func<RoutingText, Task> changed, CancellationToken cancellationToken)
    {
        // Before the file is read: what is in effect by the time that its text is told may be newer than the text.
        var (seen, expected) = (Volatile.Read(ref _seen), table.Newest?.Revision.Number ?? 0);
        var text = await ReadAsync(path, cancellationToken);
        if (seen is not null && text == seen.Text)
        {
            return;
        }

        try
        {
            await changed(new RoutingText(text) { Expected = expected });
            // Not before: an edit that is not told yet is not written over. What was written here meanwhile stays.
            Interlocked.CompareExchange(ref _seen, new Seen(text), seen);
        }
        catch (RoutingConflictException)
        {
            // The routing was changed meanwhile, or the file once more: it is read again.
        }
    }

    public async Task WatchAsync(Func<RoutingText, Task> changed, CancellationToken cancellationToken)
    {
        var events = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        void Pulse(object? sender, EventArgs e) => events.Writer.TryWrite(true);
        watcher.Changed += Pulse;
        watcher.Created += Pulse;
        watcher.Deleted += Pulse;
        watcher.Renamed += Pulse;
        watcher.Error += (_, e) => Pulse(null, e);
        watcher.EnableRaisingEvents = true;

        while (true)
        {
            await LookAsync(changed, cancellationToken);
            await NextAsync(events.Reader, cancellationToken);
        }
    }

    private static async Task NextAsync(ChannelReader<bool> events, CancellationToken cancellationToken)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        look.CancelAfter(Look);
        try
        {
            await events.ReadAsync(look.Token);
            while (true)
            {
                await Task.Delay(Settled, cancellationToken);
                if (!events.TryRead(out _))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing was told.
        }
    }

    /// <param name="Text">Null where there was no file.</param>
    private sealed record Seen(string? Text);
}
