using ModularShop.Facade;

namespace Modules.Tests.Facade;

public sealed class FileRoutingStoreTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("modularshop-routing-");
    private readonly CancellationTokenSource _end = new();
    private readonly FileRoutingStore _store;

    public FileRoutingStoreTests() =>
        _store = new FileRoutingStore(RoutingFile, new RoutingHistory(Path.Combine(_folder.FullName, "history.jsonl")), new RoutingTable());

    private string RoutingFile => Path.Combine(_folder.FullName, "routing.json");

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_edit_that_nobody_has_seen_yet_is_not_written_over()
    {
        await File.WriteAllTextAsync(RoutingFile, "being told");
        var (seen, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        var watching = _store.WatchAsync(
            _ =>
            {
                seen.TrySetResult();
                return goOn.Task;
            },
            _end.Token);
        await seen.Task;
        await Should.ThrowAsync<RoutingConflictException>(() => _store.AppendAsync(Revision(1, "by the API"), isInFile: false, CancellationToken.None));
        (await File.ReadAllTextAsync(RoutingFile)).ShouldBe("being told");
        await File.WriteAllTextAsync(RoutingFile, "edited meanwhile");
        await Should.ThrowAsync<RoutingConflictException>(() => _store.AppendAsync(Revision(1, "by the API"), isInFile: false, CancellationToken.None));
        (await File.ReadAllTextAsync(RoutingFile)).ShouldBe("edited meanwhile");
        (await _store.NewestAsync(CancellationToken.None)).ShouldBeNull();

        goOn.SetResult();
        await Eventually.TrueAsync(() => WrittenAsync(Revision(1, "by the API")), "the edit to be seen, and a change after it to be taken");
        (await File.ReadAllTextAsync(RoutingFile)).ShouldBe("by the API");
        await _end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => watching);
    }

    [Fact]
    public async Task An_edit_that_was_taken_back_before_it_was_kept_is_not_written_again()
    {
        await File.WriteAllTextAsync(RoutingFile, "as it was");
        await _store.LookAsync(_ => Task.CompletedTask, CancellationToken.None);
        await Should.ThrowAsync<RoutingConflictException>(() => _store.AppendAsync(Revision(1, "edited, and taken back"), isInFile: true, CancellationToken.None));
        (await File.ReadAllTextAsync(RoutingFile)).ShouldBe("as it was");
        (await _store.NewestAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_line_that_a_killed_process_left_half_written_is_no_revision()
    {
        var history = new RoutingHistory(Path.Combine(_folder.FullName, "history.jsonl"));
        history.Append(Revision(1, "first"));
        await File.AppendAllTextAsync(history.Path, """{"number":2,"text":"sec""");
        history.Append(Revision(2, "second"));
        history.Read().Select(r => (r.Number, r.Text)).ShouldBe([(1, "first"), (2, "second")]);
    }

    private static RoutingRevision Revision(long number, string text) => new(number, text, DateTimeOffset.UnixEpoch, "ann", "a test");

    private async Task<bool> WrittenAsync(RoutingRevision revision)
    {
        try
        {
            await _store.AppendAsync(revision, isInFile: false, CancellationToken.None);
            return true;
        }
        catch (RoutingConflictException)
        {
            return false;
        }
    }
}
