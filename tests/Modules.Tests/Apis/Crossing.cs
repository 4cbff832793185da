using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularShop.Modularity.Apis;
using ModularShop.Modularity.Deployables;
using ModularShop.Modularity.Http;
using ModularShop.Modularity.Modules;

namespace Modules.Tests.Apis;

/// <summary>Two processes' worth: one answers every API with what it is told to, the other asks it over HTTP.</summary>
public sealed class Crossing : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("modularshop-apis-").FullName;
    private WebApplication _answers = null!;
    private WebApplication _asks = null!;

    /// <summary>Every API of a Contracts assembly that the host brings, and those of this assembly.</summary>
    public static IReadOnlyList<Type> Apis { get; } =
    [
        .. Directory.GetFiles(AppContext.BaseDirectory, "ModularShop.*.Contracts.dll").Select(Assembly.LoadFrom).SelectMany(a => a.GetExportedTypes())
            .Where(t => t is { IsInterface: true } && t.Name.EndsWith("Api", StringComparison.Ordinal)),
    ];

    internal Told Told { get; } = new();

    public object Ask(Type api) => _asks.Services.CreateScope().ServiceProvider.GetRequiredService(api);

    public async Task InitializeAsync()
    {
        var port = HostProcess.FreePort();
        var apis = Apis.Append(typeof(ILossyApi)).ToList();
        _answers = Build(Deployable.Monolith, ("Peers:Listen", $"http://127.0.0.1:{port}"));
        _asks = Build("Tests", ("Peers:Addresses:Monolith", $"http://127.0.0.1:{port}"), ("Peers:Listen", "http://127.0.0.1:0"));
        _answers.UsePlatform();
        _answers.MapModuleApis();
        await _answers.StartAsync();

        WebApplication Build(string deployable, params (string Key, string Value)[] settings)
        {
            var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = ["--urls=http://127.0.0.1:0"], EnvironmentName = "Testing", ContentRootPath = _folder });
            builder.Configuration.AddInMemoryCollection(
                settings.Append(("Peers:PlainHttp", "true")).Append(("Apis:TimeoutSeconds", "20")).Select(s => KeyValuePair.Create(s.Item1, (string?)s.Item2)));
            builder.Logging.ClearProviders();
            builder.AddPlatform(deployable);
            foreach (var api in apis)
            {
                if (deployable == Deployable.Monolith)
                {
                    builder.Services.AddSingleton(api, Recorder.Of(api, Told));
                    builder.Services.AddModuleApi(api);
                }
                else
                {
                    builder.Services.AddUsedApi(api);
                }
            }

            builder.AddModules();
            return builder.Build();
        }
    }

    public async Task DisposeAsync()
    {
        await _asks.DisposeAsync();
        await _answers.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>What the one who answers has been asked, and what it is to say.</summary>
internal sealed class Told
{
    public object?[] Arguments { get; set; } = [];

    public object? Answer { get; set; }
}

/// <summary>Implements any API.</summary>
internal class Recorder : DispatchProxy
{
    private static readonly MethodInfo FromResult = typeof(Task).GetMethod(nameof(Task.FromResult))!;

    private Told _told = null!;

    public static object Of(Type api, Told told)
    {
        var made = Create(api, typeof(Recorder));
        ((Recorder)made)._told = told;
        return made;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _told.Arguments = args![..^1];
        return FromResult.MakeGenericMethod(targetMethod!.ReturnType.GetGenericArguments()).Invoke(null, [_told.Answer]);
    }
}

/// <summary>Loses something on the way, and must be found.</summary>
public interface ILossyApi
{
    Task<Lossy> GetAsync(Lossy lossy, CancellationToken cancellationToken);
}

public sealed class Lossy(string kept)
{
    public string Kept { get; } = kept;

    public string Lost { get; internal set; } = "";
}
