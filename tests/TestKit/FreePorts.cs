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
    private const int Lowest = 20_000;
    private const int Highest = 27_999;

    private static readonly string Last = Path.Combine(Path.GetTempPath(), $"modularshop-port-{Environment.UserName}");

    public static int Next()
    {
        using var mutex = new Mutex(initiallyOwned: false, $"Global\\modularshop-ports-{Environment.UserName}");
        try
        {
            mutex.WaitOne();
        }
        catch (AbandonedMutexException)
        {
            // Whoever had it was killed, and it is ours.
        }

        try
        {
            var port = File.Exists(Last) && int.TryParse(File.ReadAllText(Last), NumberStyles.None, CultureInfo.InvariantCulture, out var last) ? last : Highest;
            do
            {
                port = port is >= Lowest and < Highest ? port + 1 : Lowest;
            }
            while (!IsFree(port));
            File.WriteAllText(Last, port.ToString(CultureInfo.InvariantCulture));
            return port;
        }
        finally
        {
            mutex.ReleaseMutex();
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
