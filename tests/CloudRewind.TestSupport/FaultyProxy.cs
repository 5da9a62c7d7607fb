using System.Net;
using System.Net.Sockets;

namespace CloudRewind.TestSupport;

/// <summary>A TCP proxy that treats what passes through it as a bad network does: it delays, resets and swallows.</summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private const int DelayPerMille = 30;
    private const int ResetPerMille = 8;
    private const double SilencePerMille = 0.3;
    private const int LongestDelay = 300;
    private const int LongestSilence = 20_000;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Random random;
    private readonly int target;
    private readonly Task accepting;
    private int delays;
    private int resets;
    private int silences;

    /// <param name="target">The port of what it stands before.</param>
    /// <param name="seed">The same seed does the same harm.</param>
    public FaultyProxy(int target, int seed)
    {
        (this.target, random) = (target, new Random(seed));
        listener.Start();
        accepting = AcceptAsync();
    }

    /// <summary>The port to use instead of the target's.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Whether it does harm.</summary>
    public bool IsFaulty { get; set; } = true;

    /// <summary>The harm that it has done.</summary>
    public string Figures => $"{delays} delays, {resets} resets, {silences} silences";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await listener.AcceptSocketAsync(end.Token));
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, target, over.Token);
            await Task.WhenAny(PassAsync(client, server, over.Token), PassAsync(server, client, over.Token));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Nobody is there to pass anything to.
        }

        // What one side has not been sent yet it does not get any more.
        await over.CancelAsync();
        Reset(client);
        Reset(server);
    }

    /// <summary>Returns when the connection is to end.</summary>
    private async Task PassAsync(Socket from, Socket to, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, cancellationToken) is > 0 and var count && await SufferAsync(cancellationToken))
            {
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), cancellationToken);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One side has gone, and so does the other.
        }
    }

    /// <returns>False when the connection is to be reset before what has come is passed on.</returns>
    private async Task<bool> SufferAsync(CancellationToken cancellationToken)
    {
        double dice;
        int time;
        lock (random)
            (dice, time) = (random.NextDouble() * 1000, random.Next());
        if (!IsFaulty || dice >= DelayPerMille + ResetPerMille + SilencePerMille)
            return true;

        if (dice < DelayPerMille)
        {
            Interlocked.Increment(ref delays);
            await Task.Delay(time % LongestDelay, cancellationToken);
            return true;
        }

        if (dice < DelayPerMille + ResetPerMille)
        {
            Interlocked.Increment(ref resets);
            return false;
        }

        Interlocked.Increment(ref silences);
        await Task.Delay(time % LongestSilence, cancellationToken);
        return false;
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }
}
