using System.Diagnostics;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Cli;

/// <summary>The real <c>./shop</c>, as a user of its own with nobody at the terminal.</summary>
internal sealed class CommandLine(params (string Name, string Value)[] environment) : IDisposable
{
    private readonly string _config = Directory.CreateTempSubdirectory("modularshop-config-").FullName;

    /// <summary>The working copy whose command it is.</summary>
    public string WorkingCopy { get; init; } = Repository.Root;

    public string TokenFile => Path.Combine(_config, "modularshop", "tokens.json");

    /// <summary>Runs it to its end.</summary>
    public async Task<Said> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return new Said(process.ExitCode, await output, await errors);
    }

    public Process Start(params string[] arguments)
    {
        var start = DefaultSignals.Start(Path.Combine(WorkingCopy, "shop"), arguments);
        (start.UseShellExecute, start.WorkingDirectory) = (false, Path.GetTempPath());
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var inherited in new[] { "SHOP_URL", "SHOP_TOKEN", "SHOP_DATA", "NO_COLOR" })
        {
            start.Environment.Remove(inherited);
        }

        start.Environment["XDG_CONFIG_HOME"] = _config;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public void Dispose() => Directory.Delete(_config, recursive: true);
}

/// <summary>What a command said, and how it ended.</summary>
internal sealed record Said(int ExitCode, string Output, string Errors)
{
    /// <summary>That it is done, and nothing was wrong.</summary>
    public Said ShouldBeDone()
    {
        ExitCode.ShouldBe(0, Errors + Output);
        Errors.ShouldBeEmpty();
        Output.ShouldNotContain('\u001b');
        Output.Split('\n').ShouldAllBe(line => line.Length <= 100, Output);
        return this;
    }

    public JsonNode ShouldBeJson()
    {
        ExitCode.ShouldBe(0, Errors + Output);
        return JsonNode.Parse(Output)!;
    }

    /// <summary>That it says in a line or two what, why and what to do; and nothing on the standard output.</summary>
    public void ShouldFail(int exitCode, params string[] saying)
    {
        ExitCode.ShouldBe(exitCode, Errors + Output);
        Output.ShouldBeEmpty();
        Errors.TrimEnd().Split('\n').Length.ShouldBeLessThanOrEqualTo(2, Errors);
        Errors.ShouldNotContain("   at ");
        foreach (var part in saying)
        {
            Errors.ShouldContain(part);
        }
    }
}
