using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ModularShop.TestKit;

/// <summary>A connection to a server that can be cut: every open one at once, without a word of farewell.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private delegate bool Filter(ReadOnlySpan<byte> bytes);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, bool> _open = new();
    private readonly ConcurrentDictionary<Conversation, bool> _conversations = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly IPEndPoint _target;
    private readonly Task _accepting;
    private volatile byte[]? _cutAt;
    private bool _isHeard;

    public TcpProxy(int targetPort)
    {
        _target = new IPEndPoint(IPAddress.Loopback, targetPort);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Resets every connection that is open; returns how many those were. New ones are let through.</summary>
    public int Cut()
    {
        var cut = 0;
        foreach (var socket in _open.Keys)
        {
            if (_open.TryRemove(socket, out _))
            {
                // A reset, not an orderly end.
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
                socket.Dispose();
                cut++;
            }
        }

        return cut / 2;
    }

    /// <summary>From now on nothing comes through on any connection that is open, and none of them ends: as if the other machine were gone. New ones are let through.</summary>
    public void Silence()
    {
        foreach (var conversation in _conversations.Keys)
        {
            conversation.IsSilent = true;
        }
    }

    /// <summary>The next time a client says <paramref name="text"/> it is cut off: before the server hears of it, or when the server's answer has come.</summary>
    public void CutAt(string text, bool isHeard) => (_isHeard, _cutAt) = (isHeard, Encoding.ASCII.GetBytes(text));

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        Cut();
        await _accepting;
        _stopped.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stopped.Token);
                _ = ForwardAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var conversation = new Conversation();
        _open[client] = true;
        _open[server] = true;
        try
        {
            client.NoDelay = server.NoDelay = true;
            await server.ConnectAsync(_target, _stopped.Token);
            _conversations[conversation] = true;
            await Task.WhenAny(PumpAsync(client, server, conversation, sent => !IsCutAt(sent, conversation)), PumpAsync(server, client, conversation, _ => !conversation.IsOver));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The other side is gone: so is this one.
        }
        finally
        {
            _conversations.TryRemove(conversation, out _);
            foreach (var socket in new[] { client, server })
            {
                // Whoever takes it out ends it: it may be being cut.
                if (_open.TryRemove(socket, out _))
                {
                    socket.Dispose();
                }
            }
        }
    }

    private bool IsCutAt(ReadOnlySpan<byte> sent, Conversation conversation)
    {
        if (_cutAt is not { } text || sent.IndexOf(text) < 0 || Interlocked.CompareExchange(ref _cutAt, null, text) != text)
        {
            return false;
        }

        conversation.IsOver = true;
        return !_isHeard;
    }

    private async Task PumpAsync(Socket from, Socket to, Conversation conversation, Filter passes)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            int read;
            while ((read = await from.ReceiveAsync(buffer, _stopped.Token)) > 0 && passes(buffer.AsSpan(0, read)))
            {
                if (!conversation.IsSilent)
                {
                    await to.SendAsync(buffer.AsMemory(0, read), _stopped.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private sealed class Conversation
    {
        public volatile bool IsOver;
        public volatile bool IsSilent;
    }
}
