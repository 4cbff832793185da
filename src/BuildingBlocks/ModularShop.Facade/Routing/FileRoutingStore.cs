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

    /// <summary>The file as it was when it was last looked at.</summary>
    private volatile string? _seen;

    private bool _hasLooked;

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

    public async Task AppendAsync(RoutingRevision revision, CancellationToken cancellationToken)
    {
        var present = await ReadAsync(path, cancellationToken);
        if (present != revision.Text && present != _seen)
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
            // Afterwards: whoever finds the new text before this tells what is in effect already.
            _seen = revision.Text;
        }
    }

    public async Task LookAsync(Func<RoutingText, Task> changed, CancellationToken cancellationToken)
    {
        var text = await ReadAsync(path, cancellationToken);
        if (_hasLooked && text == _seen)
        {
            return;
        }

        // What could not be told is told again.
        (_hasLooked, _seen) = (false, text);
        try
        {
            await changed(new RoutingText(text));
        }
        catch (RoutingConflictException)
        {
            // It was edited once more meanwhile, and is read again.
        }

        _hasLooked = true;
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
}
