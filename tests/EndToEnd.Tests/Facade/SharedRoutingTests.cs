using System.Diagnostics;
using System.Net;
using ModularShop.Modularity.Data;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Facade;

/// <summary>Two hosts on PostgreSQL, started when the first test asks for them.</summary>
public sealed class SharedRouting : IAsyncLifetime
{
    private Task<TwoHosts>? _hosts;

    public Task InitializeAsync() => Task.CompletedTask;

    internal Task<TwoHosts> HostsAsync() => _hosts ??= TwoHosts.StartAsync(DatabaseProvider.PostgreSql);

    public async Task DisposeAsync()
    {
        if (_hosts is not null)
        {
            await (await _hosts).DisposeAsync();
        }
    }
}

/// <summary>The routing of several hosts, in a table that they share.</summary>
[Collection(Alone.Name)]
public sealed class SharedRoutingTests(SharedRouting shared, ITestOutputHelper output) : IClassFixture<SharedRouting>
{
    /// <summary>No request starts on the old side later than this after the change was answered, at any host.</summary>
    private static readonly TimeSpan Promise = TimeSpan.FromSeconds(1);

    [PostgreSqlFact]
    public async Task A_change_through_either_host_is_in_effect_at_both_within_a_second() => await FlipAsync(await shared.HostsAsync());

    [PostgreSqlFact]
    public async Task Of_two_changes_at_once_one_wins_and_the_other_is_told_by_which_revision() => await RaceAsync(await shared.HostsAsync());

    [SqlServerFact]
    public async Task On_sql_server_changes_are_followed_and_raced_for_alike()
    {
        await using var hosts = await TwoHosts.StartAsync(DatabaseProvider.SqlServer);
        await FlipAsync(hosts);
        await RaceAsync(hosts);
    }

    [PostgreSqlFact]
    public async Task A_host_that_is_killed_changes_nothing_for_the_other_and_comes_back_on_the_newest_revision()
    {
        var hosts = await shared.HostsAsync();
        using var stop = new CancellationTokenSource();
        var reading = hosts.ReadAsync(0, stop.Token);
        var newest = 0L;
        for (var change = 0; change < 12; change++)
        {
            var kill = change == 5 ? hosts[1].KillAsync() : Task.CompletedTask;
            (newest, _) = await hosts.SetAsync(0, change % 2 == 0 ? "Service" : "Monolith");
            await kill;
        }

        await hosts[1].DisposeAsync();
        hosts.Start(1);
        await hosts.ReadyAsync(1);
        (await hosts.ReadAsync(1)).Revision.ShouldBe(newest, "at its first answer");
        await stop.CancelAsync();
        (await reading).ShouldAllBe(r => r.Status == 200);
    }

    [PostgreSqlFact]
    public async Task While_the_database_is_away_the_routing_stays_changes_are_refused_and_then_it_goes_on()
    {
        var hosts = await shared.HostsAsync();
        var (before, _) = await hosts.SetAsync(0, "Service");
        await hosts.FollowAsync(before, 0, 1);
        var told = Enumerable.Range(0, 2).Select(h => Told(hosts[h])).ToList();
        await hosts.Server.StopAsync();
        using var stop = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 2).Select(h => hosts.ReadAsync(h, stop.Token)).ToList();
        for (var host = 0; host < 2; host++)
        {
            using var refused = await hosts.TryToSetAsync(host, "Monolith");
            refused.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            refused.Headers.RetryAfter.ShouldNotBeNull();
            await Eventually.TrueAsync(() => Task.FromResult(Told(hosts[host]) > told[host]), $"host {host} to say so");
        }

        await stop.CancelAsync();
        foreach (var read in (await Task.WhenAll(reading)).SelectMany(r => r))
        {
            (read.Status, read.AnsweredBy, read.Revision).ShouldBe((200, "catalog-service", before));
        }

        for (var host = 0; host < 2; host++)
        {
            Told(hosts[host]).ShouldBe(told[host] + 1, "once is enough");
        }

        await hosts.Server.StartAgainAsync();
        await Eventually.TrueAsync(async () => (await hosts.TryToSetAsync(0, "Monolith")).IsSuccessStatusCode, "changes to be taken again");
        var back = Stopwatch.StartNew();
        await hosts.FollowAsync(await hosts.RevisionAsync(0), 0, 1);
        output.WriteLine($"both followed {back.ElapsedMilliseconds} ms after the first change that was taken again");
        (await hosts.ReadAsync(1)).AnsweredBy.ShouldBe("monolith");
    }

    private static int Told(HostProcess host) => host.Output.Split("The routing's table cannot be read").Length;

    private async Task FlipAsync(TwoHosts hosts)
    {
        using var stop = new CancellationTokenSource();
        var reading = Enumerable.Range(0, 2).Select(h => hosts.ReadAsync(h, stop.Token)).ToList();
        var flips = new List<(long Revision, long At)>();
        for (var flip = 0; flip < 10; flip++)
        {
            flips.Add(await hosts.SetAsync(flip % 2, flip % 2 == 0 ? "Service" : "Monolith"));
            await hosts.FollowAsync(flips[^1].Revision, 0, 1);
        }

        await stop.CancelAsync();
        var reads = (await Task.WhenAll(reading)).SelectMany(r => r).ToList();
        reads.ShouldAllBe(r => r.Status == 200);
        // How long after a change was answered the last request started that did not know of it.
        var lags = flips.Select(f => reads.Where(r => r.Revision < f.Revision).Select(r => Stopwatch.GetElapsedTime(f.At, r.Started)).Append(TimeSpan.Zero).Max()).ToList();
        output.WriteLine($"{reads.Count} reads; the last request on the old side started {string.Join(", ", lags.Select(l => $"{l.TotalMilliseconds:F0}"))} ms after the change was answered; at most {lags.Max().TotalMilliseconds:F0} ms");
        // For as long as the slowest read took, the machine was not the hosts'.
        lags.Max().ShouldBeLessThan(Promise + reads.Max(r => r.Took));

        var history = await hosts.HistoryAsync(1);
        history.Select(r => r!["number"]!.GetValue<long>()).ShouldBe(Enumerable.Range(1, history.Count).Select(n => (long)n).Reverse(), "none is missing and none is there twice");
        history[0]!["changes"]!.AsArray().Select(c => c!.GetValue<string>()).ShouldBe([$"{TwoHosts.Endpoint}: Service -> Monolith"]);
        history[0]!["by"]!.GetValue<string>().ShouldStartWith("Olive Operator (");
        history[^1]!["by"]!.GetValue<string>().ShouldBe("file", "the routing file is the first revision");
    }

    private async Task RaceAsync(TwoHosts hosts)
    {
        await hosts.SetAsync(0, "Monolith");
        for (var round = 0; round < 10; round++)
        {
            var revision = Math.Max(await hosts.RevisionAsync(0), await hosts.RevisionAsync(1));
            await hosts.FollowAsync(revision, 0, 1);
            var (one, other) = round % 2 == 0 ? ("Service", "Shadow") : ("Monolith", "Canary");
            var answers = await Task.WhenAll(hosts.TryToSetAsync(0, one, revision), hosts.TryToSetAsync(1, other, revision));
            answers.Select(a => a.StatusCode).ShouldBe([HttpStatusCode.OK, HttpStatusCode.Conflict], ignoreOrder: true);
            var lost = await answers.Single(a => a.StatusCode is HttpStatusCode.Conflict).Content.ReadAsStringAsync();
            lost.ShouldContain("routes.changed_meanwhile");
            lost.ShouldContain($"revision {revision + 1}");
            output.WriteLine($"round {round}: host {Array.FindIndex(answers, a => a.IsSuccessStatusCode)} won revision {revision + 1}");
        }
    }
}
