using System.Net;
using System.Net.Sockets;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>A TCP proxy that treats what passes through it as a bad network does: it delays, resets and swallows.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private const int DelayPerMille = 30;
    private const int ResetPerMille = 8;
    private const double SilencePerMille = 0.3;
    private const int LongestDelay = 300;
    private const int LongestSilence = 20_000;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Random _random;
    private readonly int _target;
    private readonly Task _accepting;
    private int _delays;
    private int _resets;
    private int _silences;

    public FaultyProxy(int target, int seed)
    {
        (_target, _random) = (target, new Random(seed));
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Whether it does harm.</summary>
    public bool IsFaulty { get; set; } = true;

    public string Figures => $"{_delays} delays, {_resets} resets, {_silences} silences";

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
            _ = ServeAsync(await _listener.AcceptSocketAsync(_end.Token));
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var over = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _target, over.Token);
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
        lock (_random)
            (dice, time) = (_random.NextDouble() * 1000, _random.Next());
        if (!IsFaulty || dice >= DelayPerMille + ResetPerMille + SilencePerMille)
            return true;

        if (dice < DelayPerMille)
        {
            Interlocked.Increment(ref _delays);
            await Task.Delay(time % LongestDelay, cancellationToken);
            return true;
        }

        if (dice < DelayPerMille + ResetPerMille)
        {
            Interlocked.Increment(ref _resets);
            return false;
        }

        Interlocked.Increment(ref _silences);
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
