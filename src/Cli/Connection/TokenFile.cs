using System.Text.Json;

namespace ModularShop.Cli.Connection;

/// <summary>What a log-in leaves.</summary>
internal sealed record KeptTokens(string Email, string AccessToken, DateTimeOffset ExpiresAt, string RefreshToken)
{
    /// <summary>Of the answer to a log-in or a refresh.</summary>
    public static KeptTokens Of(string answer, string email)
    {
        using var pair = JsonDocument.Parse(answer);
        var root = pair.RootElement;
        return new KeptTokens(
            email, root.GetProperty("accessToken").GetString()!, TimeProvider.System.GetUtcNow().AddSeconds(root.GetProperty("expiresIn").GetInt32()),
            root.GetProperty("refreshToken").GetString()!);
    }
}

/// <summary>The log-ins of this user, by the shop's address; nobody else can read the file.</summary>
internal static class TokenFile
{
    private const UnixFileMode OwnersFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static string FilePath { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify), "modularshop", "tokens.json");

    public static KeptTokens? Read(string shop) => All().GetValueOrDefault(shop);

    public static void Write(string shop, KeptTokens tokens)
    {
        var all = All();
        all[shop] = tokens;
        Replace(all);
    }

    public static void Remove(string shop)
    {
        var all = All();
        if (all.Remove(shop))
        {
            Replace(all);
        }
    }

    /// <summary>One command at a time changes the file; who only reads it needs no lock.</summary>
    public static async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        MakeFolder();
        while (true)
        {
            try
            {
                return new FileStream($"{FilePath}.lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!limit.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CommandFailure.Refused($"{FilePath}.lock cannot be written: {e.Message} Make it writable, or name another folder in XDG_CONFIG_HOME.");
            }
        }
    }

    private static Dictionary<string, KeptTokens> All()
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, KeptTokens>>(File.ReadAllText(FilePath), Json) ?? [];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return [];
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Refused($"{FilePath} cannot be read: {e.Message} Delete it, and log in with ./shop login.");
        }
    }

    private static void Replace(Dictionary<string, KeptTokens> all)
    {
        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            MakeFolder();
            // Whole or not at all; and a file that others could read is replaced by one that they cannot.
            var draft = $"{FilePath}.{Environment.ProcessId}";
            using (var stream = new FileStream(draft, file))
            {
                JsonSerializer.Serialize(stream, all, Json);
            }

            File.Move(draft, FilePath, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandFailure.Refused($"{FilePath} cannot be written: {e.Message} Make it writable, or name another folder in XDG_CONFIG_HOME.");
        }
    }

    private static void MakeFolder()
    {
        var folder = Path.GetDirectoryName(FilePath)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnersFolder);
        }
    }
}
