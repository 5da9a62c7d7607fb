using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>Sends requests byte for byte: what a well-behaved client would put right on the way stays as it is.</summary>
internal sealed class RawHttp(Uri baseAddress)
{
    /// <summary>The value of the header Host.</summary>
    public string Host => baseAddress.Authority;

    /// <summary>Sends one request with whatever header lines are given, each as it is, and <c>Connection: close</c>.</summary>
    public async Task<Answer> SendAsync(string method, string target, IEnumerable<(string Name, string Value)> headers, byte[]? body = null) =>
        await TrySendAsync(method, target, headers, body) ?? throw new IOException($"The connection was closed without an answer to {method} {target}.");

    /// <summary>As <c>SendAsync</c>, where the connection may be closed.</summary>
    /// <returns>The answer; null where the connection was closed without one.</returns>
    public Task<Answer?> TrySendAsync(string method, string target, IEnumerable<(string Name, string Value)> headers, byte[]? body = null)
    {
        var head = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{method} {target} HTTP/1.1\r\nHost: {Host}\r\nConnection: close\r\n");
        foreach (var (name, value) in headers)
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        if (body is not null)
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n");
        return ExchangeAsync([.. Encoding.UTF8.GetBytes(head.Append("\r\n").ToString()), .. body ?? []]);
    }

    /// <summary>Sends these bytes, and nothing after them.</summary>
    /// <returns>The answer; null where the connection was closed without one.</returns>
    /// <exception cref="TimeoutException">Neither came: it hangs.</exception>
    public async Task<Answer?> ExchangeAsync(byte[] request, bool endOfStream = false)
    {
        using var limit = new CancellationTokenSource(Eventually.Limit);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(baseAddress.Host, baseAddress.Port, limit.Token);
            await using var stream = await OpenAsync(socket, limit.Token);
            // A server may answer and close before it has read all: what it said still counts.
            var sending = SendAsync(stream, request, limit.Token);
            if (endOfStream)
            {
                await sending;
                socket.Client.Shutdown(SocketShutdown.Send);
            }

            var received = await ReceiveAsync(stream, limit.Token);
            await sending;
            return received.Length == 0 ? null : Read(received);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"There is no answer to: {Encoding.Latin1.GetString(request[..Math.Min(request.Length, 500)])}");
        }
    }

    private async Task<Stream> OpenAsync(TcpClient socket, CancellationToken cancellationToken)
    {
        if (baseAddress.Scheme != Uri.UriSchemeHttps)
            return socket.GetStream();
        var secure = new SslStream(socket.GetStream());
        await secure.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = baseAddress.Host }, cancellationToken);
        return secure;
    }

    private static async Task SendAsync(Stream stream, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // It was closed from the other side.
        }
    }

    private static async Task<byte[]> ReceiveAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var received = new MemoryStream();
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken) is var length and > 0)
                received.Write(buffer, 0, length);
        }
        catch (IOException)
        {
            // Reset after the answer, as a server does that leaves a body unread.
        }

        return received.ToArray();
    }

    private static Answer Read(byte[] received)
    {
        var end = received.AsSpan().IndexOf("\r\n\r\n"u8);
        Assert.True(end > 0, $"This is no answer: {Encoding.Latin1.GetString(received)}");
        var lines = Encoding.UTF8.GetString(received, 0, end).Split("\r\n");
        var headers = lines.Skip(1)
            .Select(line => line.Split(':', 2))
            .GroupBy(parts => parts[0], parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(header => header.Key, header => string.Join(", ", header), StringComparer.OrdinalIgnoreCase);
        var body = received.AsSpan(end + 4);
        var text = headers.GetValueOrDefault("Transfer-Encoding") == "chunked" ? Join(body) : Encoding.UTF8.GetString(body);
        return new Answer(int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers, text);
    }

    private static string Join(ReadOnlySpan<byte> chunks)
    {
        var bytes = new List<byte>();
        while (chunks.IndexOf("\r\n"u8) is var end and > 0
            && int.Parse(chunks[..end], NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var length and > 0)
        {
            bytes.AddRange(chunks.Slice(end + 2, length));
            chunks = chunks[(end + 2 + length + 2)..];
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
