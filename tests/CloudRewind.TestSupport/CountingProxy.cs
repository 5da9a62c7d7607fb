using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CloudRewind.TestSupport;

/// <summary>Stands before a store and counts what it is asked, by kind.</summary>
public sealed class CountingProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, int> counts = [];
    private readonly int target;

    /// <param name="target">The port of the store.</param>
    public CountingProxy(int target)
    {
        this.target = target;
        listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>The port to ask instead of the store's.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What was asked since the last time.</summary>
    public RequestCounts Take()
    {
        var taken = counts.ToDictionary();
        foreach (var kind in taken.Keys)
            counts.AddOrUpdate(kind, 0, (_, now) => now - taken[kind]);
        return new RequestCounts(taken.Where(count => count.Value > 0).ToDictionary());
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var server = new TcpClient { NoDelay = true };
        client.NoDelay = true;
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, target);
                var (asks, answers) = (client.GetStream(), server.GetStream());
                await Task.WhenAny(PassRequestsAsync(asks, answers), answers.CopyToAsync(asks));
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // One side has gone, and so does the other.
            }
        }
    }

    private async Task PassRequestsAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 * 1024];
        var head = new List<byte>();
        var body = 0L;
        while (await from.ReadAsync(buffer) is > 0 and var count)
        {
            for (var at = 0; at < count;)
            {
                if (body > 0)
                {
                    var skipped = (int)Math.Min(body, count - at);
                    (body, at) = (body - skipped, at + skipped);
                    continue;
                }

                head.Add(buffer[at++]);
                if (head.Count >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n')
                {
                    body = Count(Encoding.ASCII.GetString([.. head]));
                    head.Clear();
                }
            }

            await to.WriteAsync(buffer.AsMemory(0, count));
        }
    }

    /// <returns>The length of the request's body.</returns>
    private long Count(string head)
    {
        var lines = head.Split("\r\n");
        if (lines.Any(line => line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase)))
            throw new IOException("A request of unknown length cannot be counted.");
        var words = lines[0].Split(' ');
        var kind = words[0] switch
        {
            // A single row is asked for by its keys, as in table(PartitionKey='a',RowKey='b').
            "GET" => words[1].Contains("RowKey=", StringComparison.Ordinal) ? RequestCounts.PointRead : RequestCounts.Query,
            _ => RequestCounts.Write,
        };
        counts.AddOrUpdate(kind, 1, (_, now) => now + 1);
        var length = lines.FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is null ? 0 : long.Parse(length.Split(':')[1], CultureInfo.InvariantCulture);
    }
}
