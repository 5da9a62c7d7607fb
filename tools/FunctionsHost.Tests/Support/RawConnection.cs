using System.Net.Sockets;
using System.Text;
using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>A connection that sends what no HTTP client would.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient client = new();

    private RawConnection()
    {
    }

    /// <summary>Connects.</summary>
    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection.client.ConnectAsync(address.Host, address.Port);
        return connection;
    }

    /// <summary>Sends this, as UTF-8.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>Sends these bytes.</summary>
    public async Task SendAsync(byte[] bytes) => await client.GetStream().WriteAsync(bytes);

    /// <summary>The first line of the answer, whether or not more follows.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8, leaveOpen: true);
        return await reader.ReadLineAsync().WaitAsync(Eventually.Limit);
    }

    /// <summary>Everything that comes until the other side closes.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8, leaveOpen: true);
        return await reader.ReadToEndAsync().WaitAsync(Eventually.Limit);
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();
}
