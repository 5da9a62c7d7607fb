using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CloudRewind.LocalRuntime.Bounds;

/// <summary>Stands before a store and counts what it is asked, by kind.</summary>
internal sealed class CountingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, int> _counts = [];
    private readonly int _target;

    public CountingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What was asked since the last time.</summary>
    public RequestCounts Take()
    {
        var taken = _counts.ToDictionary();
        foreach (var kind in taken.Keys)
            _counts.AddOrUpdate(kind, 0, (_, now) => now - taken[kind]);
        return new RequestCounts(taken.Where(count => count.Value > 0).ToDictionary());
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
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
                await server.ConnectAsync(IPAddress.Loopback, _target);
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
        _counts.AddOrUpdate(kind, 1, (_, now) => now + 1);
        var length = lines.FirstOrDefault(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase));
        return length is null ? 0 : long.Parse(length.Split(':')[1], CultureInfo.InvariantCulture);
    }
}

/// <summary>How often each kind of request was made.</summary>
internal sealed record RequestCounts(IReadOnlyDictionary<string, int> Kinds)
{
    public const string PointRead = "reads of a row";
    public const string Query = "queries";
    public const string Write = "writes";

    public int Total => Kinds.Values.Sum();

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Total} requests to the store ({Of(PointRead)} {PointRead}, {Of(Query)} {Query}, {Of(Write)} {Write})");

    private int Of(string kind) => Kinds.GetValueOrDefault(kind);
}
