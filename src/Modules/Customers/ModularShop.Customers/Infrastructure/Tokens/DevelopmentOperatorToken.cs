using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModularShop.Customers.Infrastructure.Tokens;

/// <summary>
/// In Development, an operator's access token in the data folder, for the command line on this machine: whoever can read the
/// folder's keys could make one anyway. Renewed before it expires; nowhere else than in Development.
/// </summary>
internal sealed class DevelopmentOperatorToken(
    AccessTokens tokens, IOptions<TokenOptions> options, IOptions<DatabaseOptions> database, IHostEnvironment environment, TimeProvider time,
    ILogger<DevelopmentOperatorToken> logger) : BackgroundService
{
    private const string FileName = "operator.token";

    private string FilePath => Path.GetFullPath(Path.Combine(environment.ContentRootPath, database.Value.DataFolder, FileName));

    /// <summary>It is there before the host listens.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment())
        {
            return Task.CompletedTask;
        }

        Write();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var renewal = new PeriodicTimer(TimeSpan.FromMinutes(options.Value.AccessMinutes) / 3, time);
        while (await renewal.WaitForNextTickAsync(stoppingToken))
        {
            Write();
        }
    }

    private void Write()
    {
        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!);
            // Whole or not at all, and never in a file that was there before with other rights.
            var draft = $"{FilePath}.{Environment.ProcessId}";
            File.Delete(draft);
            using (var writer = new StreamWriter(draft, file))
            {
                writer.Write(tokens.MakeForDevelopment());
            }

            File.Move(draft, FilePath, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.OperatorTokenNotWritten(logger, FilePath, e.Message);
        }
    }
}
