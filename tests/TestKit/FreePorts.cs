using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ModularShop.TestKit;

/// <summary>
/// Ports for processes that are killed and started again. The system gives them to no outgoing connection, which could sit on
/// one meanwhile, and nobody else among the tests gets them, who may run in several processes.
/// </summary>
internal static class FreePorts
{
    // Linux begins with outgoing connections at 32768; ./shop rehearse takes those from 28000 on.
    private const int First = 20_000;
    private const int Last = 27_999;

    private static readonly string Counter = Path.Combine(Path.GetTempPath(), $"modularshop-ports-{Environment.UserName}");

    public static int Next()
    {
        using var counter = Locked();
        using var reader = new StreamReader(counter);
        var port = int.TryParse(reader.ReadToEnd(), NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : First;
        do
        {
            port = port is >= First and < Last ? port + 1 : First;
        }
        while (!IsFree(port));
        counter.SetLength(0);
        using var writer = new StreamWriter(counter);
        writer.Write(port.ToString(CultureInfo.InvariantCulture));
        return port;
    }

    private static FileStream Locked()
    {
        FileStream? counter = null;
        SpinWait.SpinUntil(() => (counter = TryLock()) is not null);
        return counter!;
    }

    private static FileStream? TryLock()
    {
        try
        {
            return new FileStream(Counter, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Somebody else has it at the moment.
            return null;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
