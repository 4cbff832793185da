using System.Text.Json.Nodes;
using BuildingBlocks.Tests.Sender;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using ModularShop.Modularity.Http;
using Npgsql;

namespace BuildingBlocks.Tests.Modularity;

/// <summary>A commit whose answer is lost may have taken place, and whoever asked for it is told so.</summary>
public sealed class UnansweredCommitTests
{
    private const string Commit = "COMMIT\0";

    private const string OneStatement = "INSERT INTO";

    [PostgreSqlTheory]
    [InlineData(Commit, true, false)]
    [InlineData(Commit, true, true)]
    [InlineData(Commit, false, true)]
    [InlineData(OneStatement, true, false)]
    [InlineData(OneStatement, false, false)]
    public async Task A_commit_that_is_never_answered_is_told_as_one_that_may_have_taken_place(string at, bool isHeard, bool isTransaction)
    {
        var server = await PostgreSqlServer.SharedAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var database = await TestDatabase.OnAsync(server);
        var cut = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = proxy.Port }.ToString();
        await using var host = await Host.BuildAsync(database, configure: null, ("Database:ConnectionString", cut));
        await host.SpeakAsync("ann", _ => { });

        proxy.CutAt(at, isHeard);
        var fault = await Should.ThrowAsync<Exception>(() => isTransaction ? InTransactionAsync(host) : SaveAsync(host, isAlone: at == OneStatement));

        (fault.IsOutcomeUnknown(), fault.IsDatabaseUnavailable()).ShouldBe((true, true), fault.ToString());
        (await AnswerAsync(fault)).ShouldBe((503, "1", "request.outcome_unknown"));
        await Eventually.TrueAsync(async () => await host.InSenderAsync(db => db.Set<Speaker>().AnyAsync(s => s.Name == "bob")) == isHeard, "the database to have decided");
    }

    [PostgreSqlFact]
    public async Task What_never_got_as_far_as_a_commit_has_changed_nothing()
    {
        var server = await PostgreSqlServer.SharedAsync();
        await using var proxy = new TcpProxy(server.Port);
        await using var database = await TestDatabase.OnAsync(server);
        var cut = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Port = proxy.Port }.ToString();
        await using var host = await Host.BuildAsync(database, configure: null, ("Database:ConnectionString", cut));

        proxy.CutAt(OneStatement, isHeard: true);
        var fault = await Should.ThrowAsync<Exception>(() => SaveAsync(host, isAlone: false));

        (fault.IsOutcomeUnknown(), fault.IsDatabaseUnavailable()).ShouldBe((false, true), fault.ToString());
        (await AnswerAsync(fault)).ShouldBe((503, "1", "request.unavailable"));
        (await host.InSenderAsync(db => db.Set<Speaker>().CountAsync())).ShouldBe(0);
    }

    [Fact]
    public void What_a_database_refuses_itself_it_has_not_committed()
    {
        SqlServerFault.Lost().IsAnswerLost().ShouldBeTrue();
        SqlServerFault.Of(-2).IsAnswerLost().ShouldBeTrue();
        SqlServerFault.Of(9002).IsAnswerLost().ShouldBeFalse();
        SqlServerFault.Of(1205).IsAnswerLost().ShouldBeFalse();
        new NpgsqlException("gone", new IOException()).IsAnswerLost().ShouldBeTrue();
        new PostgresException("no", "FATAL", "FATAL", "57P01").IsAnswerLost().ShouldBeTrue("it may be that it was stopped behind the commit");
        new PostgresException("no", "ERROR", "ERROR", "53100").IsAnswerLost().ShouldBeFalse();
    }

    /// <param name="isAlone">One row is one statement, and its own transaction.</param>
    private static Task SaveAsync(Host host, bool isAlone) => isAlone
        ? host.InSenderAsync(db =>
        {
            db.Add(new Speaker { Name = "bob" });
            return db.SaveChangesAsync();
        })
        : host.SpeakAsync("bob", bob => bob.Whisper());

    private static Task InTransactionAsync(Host host) => host.InSenderAsync(async db =>
    {
        await using var transaction = await db.BeginWriteAsync(CancellationToken.None);
        db.Add(new Speaker { Name = "bob" });
        var saved = await db.SaveChangesAsync();
        await transaction.CommitAsync(CancellationToken.None);
        return saved;
    });

    private static async Task<(int Status, string RetryAfter, string Code)> AnswerAsync(Exception fault)
    {
        await using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var http = new DefaultHttpContext { RequestServices = services, Response = { Body = new MemoryStream() } };
        IExceptionHandler handler = new ExceptionToProblem(services.GetRequiredService<IProblemDetailsService>(), NullLogger<ExceptionToProblem>.Instance);
        (await handler.TryHandleAsync(http, fault, CancellationToken.None)).ShouldBeTrue();
        http.Response.Body.Position = 0;
        return (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString(), (await JsonNode.ParseAsync(http.Response.Body))!["code"]!.ToString());
    }
}
