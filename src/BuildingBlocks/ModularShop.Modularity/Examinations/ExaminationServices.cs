using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using ModularShop.Modularity.Http;

namespace ModularShop.Modularity.Examinations;

public static class ExaminationServices
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter() } };

    /// <summary>A part of the program says what it needs.</summary>
    public static IServiceCollection AddExamination<TExamination>(this IServiceCollection services)
        where TExamination : class, IExamination => services.AddSingleton<IExamination, TExamination>();

    /// <summary>With <c>--doctor</c> the program looks at what it needs, says it as JSON, and ends.</summary>
    internal static void AddExaminations(this IServiceCollection services)
    {
        services.AddHttpClient();
        services.AddExamination<ConfigurationExamination>().AddExamination<FolderExamination>().AddExamination<CertificateExamination>().AddExamination<PortExamination>();
        services.AddSingleton(p => new HostCommand(HostCommand.Doctor, async token =>
        {
            var findings = new List<Finding>();
            foreach (var examination in p.GetServices<IExamination>())
            {
                findings.AddRange(await RunAsync(examination, token));
            }

            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(findings, Json));
            return 0;
        }));
    }

    /// <summary>One that fails says so, and the others are made.</summary>
    private static async Task<IReadOnlyList<Finding>> RunAsync(IExamination examination, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await examination.RunAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Problem(examination.About, $"It did not answer within {Patience.TotalSeconds} s.", "see that what it needs is up, and reached from this machine.")];
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return [Finding.Problem(examination.About, StartFailure.LineFor(e) ?? $"It could not be looked at: {e.GetBaseException().Message}")];
        }
    }
}
