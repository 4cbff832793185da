using System.Threading.Channels;

namespace ModularShop.Facade;

/// <summary>
/// The routing file of one node. It is the truth: who edits it changes the routing, and who changes the routing by
/// the API finds it in the file.
/// </summary>
internal sealed class FileRoutingStore(string path, RoutingHistory history) : IRoutingStore
{
    /// <summary>An editor writes a file in several steps.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(20);

    /// <summary>Where the file system tells nothing, as some mounts do not, the file is looked at this often.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private string? _written;

    public Task<RoutingRevision?> NewestAsync(CancellationToken cancellationToken) => Task.FromResult(history.Read().LastOrDefault());

    public Task<IReadOnlyList<RoutingRevision>> HistoryAsync(int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RoutingRevision>>([.. history.Read().Reverse().Take(most)]);

    public async Task AppendAsync(RoutingRevision revision, CancellationToken cancellationToken)
    {
        // A crash between the two: the file is not this revision's, and makes one of its own at the next start.
        history.Append(revision);
        if (await ReadAsync(cancellationToken) != revision.Text)
        {
            _written = revision.Text;
            var whole = $"{path}.new";
            await File.WriteAllTextAsync(whole, revision.Text, cancellationToken);
            File.Move(whole, path, overwrite: true);
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

        var told = await ReadAsync(cancellationToken);
        await changed(new RoutingText(told));
        while (!cancellationToken.IsCancellationRequested)
        {
            await NextAsync(events.Reader, cancellationToken);
            var text = await ReadAsync(cancellationToken);
            // What AppendAsync has written is no news.
            if (text != told && (text is null || text != Interlocked.Exchange(ref _written, null)))
            {
                await changed(new RoutingText(text));
            }

            told = text;
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

    /// <summary>Null where there is no file.</summary>
    private async Task<string?> ReadAsync(CancellationToken cancellationToken)
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
}
