using System.Net;
using System.Net.Sockets;

namespace CloudRewind.TestSupport;

/// <summary>Ports that nobody listens on.</summary>
public static class FreePort
{
    /// <summary>
    /// One below the range that systems take for outgoing connections: a port of those could be gone between an end and the
    /// next start.
    /// </summary>
    public static int Take()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 30_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
