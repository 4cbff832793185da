using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Customers.Contracts;
using static Modules.Tests.Customers.People;

namespace Modules.Tests.Customers;

/// <summary>What a secret may not turn up in, with everything logged that can be.</summary>
public sealed class SecretTests(SecretTests.TalkativeShop shop) : IClassFixture<SecretTests.TalkativeShop>
{
    [Fact]
    public async Task Passwords_and_refresh_tokens_are_in_no_log_no_row_no_message_and_no_answer()
    {
        const string password = "zebra-crossing-4711";
        const string newPassword = "giraffe-crossing-4712";
        var email = NewEmail();
        var answers = new StringBuilder();
        var ada = await shop.RegisterAsync(email, password);
        using var client = shop.With(ada.AccessToken);
        foreach (var answer in new[]
        {
            await shop.LogInAsync(email, password + " not"), await shop.LogInAsync(NewEmail(), password),
            await client.PostAsJsonAsync($"{Api}/registration", new { email, password, name = "Ada" }),
            await client.PostAsJsonAsync($"{Api}/registration", new { email = "no email", password, name = "" }),
            await client.PostAsJsonAsync($"{Api}/login", new { email, password, unknown = password }),
            await client.PutAsJsonAsync($"{Api}/me/password", new { currentPassword = newPassword, newPassword = password }),
            await client.PutAsJsonAsync($"{Api}/me/password", new { currentPassword = password, newPassword }),
            await client.AskAsync("me"),
        })
        {
            answers.AppendLine(await answer.Content.ReadAsStringAsync());
        }

        var second = await shop.RefreshAsync(ada.RefreshToken).ShouldBeAsync(200);
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        var reused = await shop.RefreshAsync(ada.RefreshToken).ShouldFailAsync(401, "customers.refresh_reused");
        answers.AppendLine(reused.ToJsonString());
        var id = await shop.ReadCustomersAsync(db => db.Accounts.Where(a => a.Email == email).Select(a => a.Id).SingleAsync());
        await shop.PublishedAsync<CustomerLoggedIn>(m => m.CustomerId == id);

        var everything = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["the answers"] = answers.ToString(),
            ["the log"] = string.Join('\n', shop.Logged),
            ["the tables"] = await shop.DumpAsync("Customers"),
            ["the messages"] = string.Join('\n', shop.PublishedEnvelopes<CustomerLoggedIn>().Concat(shop.PublishedEnvelopes<CustomerRegistered>()).Select(e => e.ToString())),
        };
        foreach (var (where, text) in everything)
        {
            text.ShouldNotBeNullOrEmpty(where);
            foreach (var secret in new[] { password, newPassword, ada.RefreshToken, second.Text("refreshToken") })
            {
                text.Contains(secret, StringComparison.OrdinalIgnoreCase).ShouldBeFalse($"{secret} is in {where}.");
            }
        }

        everything["the tables"].ShouldContain(email);
        everything["the messages"].ShouldContain(id.ToString());
        everything["the messages"].ShouldNotContain(email);
        shop.Logged.ShouldContain(l => l.StartsWith("Warning: A refresh token of account", StringComparison.Ordinal) && l.Contains(id.ToString(), StringComparison.Ordinal));
        everything["the log"].ShouldNotContain(ada.AccessToken);
    }

    public sealed class TalkativeShop : CustomersShop
    {
        private readonly Listener _listener = new();

        public IReadOnlyCollection<string> Logged => _listener.Lines;

        protected override IEnumerable<KeyValuePair<string, string>> Settings =>
        [
            .. base.Settings,
            new("Logging:LogLevel:Default", "Trace"),
            new("Logging:LogLevel:Microsoft.AspNetCore", "Trace"),
            new("Logging:LogLevel:Microsoft.EntityFrameworkCore", "Trace"),
        ];

        protected override void ConfigureServices(IServiceCollection services) =>
            services.AddLogging(logging => logging.ClearProviders().AddProvider(_listener));
    }

    private sealed class Listener : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public IReadOnlyCollection<string> Lines => _lines;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
