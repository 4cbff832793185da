using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace EndToEnd.Tests.Facade;

/// <summary>Sends bytes as they are, and reads what comes back.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = Eventually.Patience;

    private readonly TcpClient _client = new();
    private readonly MemoryStream _received = new();
    private int _read;

    /// <summary>Whether the other side has ended it, as far as has been read.</summary>
    public bool IsClosed { get; private set; }

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    public ValueTask SendAsync(string text) => _client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Reads until that has come, without taking it.</summary>
    public async Task WaitForAsync(string text)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (!Text.Contains(text, StringComparison.Ordinal))
            {
                (await FillAsync(patience.Token)).ShouldBeTrue($"'{text}' did not come; what came: {Beginning}");
            }
        }
        catch (OperationCanceledException e)
        {
            throw new ShouldAssertException($"'{text}' did not come in {Patience.TotalSeconds} s; what came: {Beginning}", e);
        }
    }

    /// <summary>The next answer; null where the other side has closed the connection.</summary>
    public async Task<RawAnswer?> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        int end;
        while ((end = Text.IndexOf("\r\n\r\n", StringComparison.Ordinal)) < 0)
        {
            if (!await FillAsync(patience.Token))
            {
                return null;
            }
        }

        var head = Text[..end].Split("\r\n");
        _read += end + 4;
        var headers = head.Skip(1).Select(h => h.Split(": ", 2)).ToLookup(h => h[0], h => h[1], StringComparer.OrdinalIgnoreCase);
        var isChunked = headers["Transfer-Encoding"].Any();
        var length = headers["Content-Length"].Select(l => int.Parse(l, CultureInfo.InvariantCulture)).FirstOrDefault();
        var isComplete = true;
        while (isComplete && (isChunked ? !Text.Contains("0\r\n\r\n", StringComparison.Ordinal) : Text.Length < length))
        {
            isComplete = await FillAsync(patience.Token);
        }

        var body = !isComplete ? Text : isChunked ? Text[..(Text.IndexOf("0\r\n\r\n", StringComparison.Ordinal) + 5)] : Text[..length];
        _read += body.Length;
        return new RawAnswer(int.Parse(head[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, body, isComplete);
    }

    public void Dispose()
    {
        _client.Dispose();
        _received.Dispose();
    }

    private string Beginning => $"{Text.Length} bytes: {Text[..Math.Min(Text.Length, 1000)]}";

    private string Text => Encoding.Latin1.GetString(_received.GetBuffer(), _read, (int)_received.Length - _read);

    private async Task<bool> FillAsync(CancellationToken patience)
    {
        var chunk = new byte[16 * 1024];
        try
        {
            var read = await _client.GetStream().ReadAsync(chunk, patience);
            _received.Write(chunk, 0, read);
            IsClosed = read == 0;
        }
        catch (IOException)
        {
            // Reset.
            IsClosed = true;
        }

        return !IsClosed;
    }
}

/// <param name="IsComplete">Whether the connection lasted until the end of the body.</param>
internal sealed record RawAnswer(int Status, ILookup<string, string> Headers, string Body, bool IsComplete);
