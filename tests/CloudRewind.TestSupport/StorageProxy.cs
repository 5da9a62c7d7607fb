using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace CloudRewind.TestSupport;

/// <summary>
/// Stands before one service of a storage, takes down what is asked of it, and makes the faults that a service and a network make. It passes bytes on
/// as they are: a request's path is a part of its signature.
/// </summary>
public sealed partial class StorageProxy : IAsyncDisposable
{
    private static readonly HashSet<string> OfConnection = new(["Connection", "Keep-Alive", "Transfer-Encoding", "Host", "Expect"], StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentQueue<StorageRequest> requests = [];
    private readonly WebApplication app;
    private readonly HttpMessageInvoker target;
    private readonly int targetPort;

    private StorageProxy(int targetPort)
    {
        this.targetPort = targetPort;
        target = new HttpMessageInvoker(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(ServeAsync);
    }

    /// <summary>The port to use instead of the service's.</summary>
    public int Port => new Uri(app.Urls.First()).Port;

    /// <summary>Says what goes wrong with a request; null: nothing does.</summary>
    public Func<StorageRequest, StorageFault?> Faults { get; set; } = _ => null;

    /// <summary>Whether what is asked is taken down. Whoever lets it run for long forgets what it has read.</summary>
    public bool Records { get; set; } = true;

    /// <summary>What was asked since the start, or since it was forgotten.</summary>
    public IReadOnlyList<StorageRequest> Requests => [.. requests];

    /// <param name="targetPort">The port of the service.</param>
    public static async Task<StorageProxy> StartAsync(int targetPort)
    {
        var proxy = new StorageProxy(targetPort);
        await proxy.app.StartAsync();
        return proxy;
    }

    /// <summary>Forgets what was asked.</summary>
    public void Forget() => requests.Clear();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        target.Dispose();
    }

    private async Task ServeAsync(HttpContext context)
    {
        var asked = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var isBatch = asked.EndsWith("/$batch", StringComparison.Ordinal);
        var isMessage = context.Request.Method == HttpMethods.Post && MessagesPath().IsMatch(asked);
        var read = isBatch || isMessage ? await BodyAsync(context.Request) : null;
        var request = new StorageRequest(context.Request.Method, asked) { Parts = isBatch ? PartsOf(read!) : [], Body = isMessage ? MessageOf(read!) : "" };
        if (Records)
            requests.Enqueue(request);
        var fault = Faults(request);
        try
        {
            if (fault is StorageFault.Late late)
                await Task.Delay(late.By, context.RequestAborted);
            switch (fault)
            {
                case StorageFault.Silent silent:
                    await silent.Until.WaitAsync(context.RequestAborted);
                    context.Abort();
                    break;
                case StorageFault.Refused refused:
                    await RefuseAsync(context, refused);
                    break;
                case StorageFault.ResetBefore:
                    context.Abort();
                    break;
                case StorageFault.Lost:
                    await LoseAsync(context);
                    break;
                default:
                    await PassAsync(context, asked, read, fault);
                    break;
            }
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            context.Abort(); // the service has gone, or who asked
        }
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return body.ToArray();
    }

    private static StorageRequest[] PartsOf(byte[] batch)
    {
        var text = Encoding.UTF8.GetString(batch);
        var lines = PartLine().Matches(text);
        return [.. lines.Select((line, at) => new StorageRequest(line.Groups[1].Value, line.Groups[2].Value)
        {
            Body = text[(line.Index + line.Length)..(at + 1 < lines.Count ? lines[at + 1].Index : text.Length)],
        })];
    }

    private static string MessageOf(byte[] body)
    {
        using var stream = new MemoryStream(body);
        var text = XDocument.Load(stream).Root!.Value;
        return Convert.TryFromBase64String(text, new byte[text.Length], out _) ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : text;
    }

    private static Task LoseAsync(HttpContext context)
    {
        var now = DateTime.UtcNow;
        context.Response.StatusCode = StatusCodes.Status201Created;
        context.Response.ContentType = "application/xml";
        return context.Response.WriteAsync(new XElement(
            "QueueMessagesList",
            new XElement(
                "QueueMessage",
                new XElement("MessageId", Guid.NewGuid()),
                new XElement("InsertionTime", now.ToString("R", CultureInfo.InvariantCulture)),
                new XElement("ExpirationTime", now.AddDays(7).ToString("R", CultureInfo.InvariantCulture)),
                new XElement("PopReceipt", "lost"),
                new XElement("TimeNextVisible", now.ToString("R", CultureInfo.InvariantCulture)))).ToString());
    }

    [GeneratedRegex(@"/messages(\?|$)")]
    private static partial Regex MessagesPath();

    [GeneratedRegex(@"^([A-Z]+) https?://[^/\s]+(/\S*) HTTP/1\.1\r?$", RegexOptions.Multiline)]
    private static partial Regex PartLine();

    private static async Task RefuseAsync(HttpContext context, StorageFault.Refused refused)
    {
        context.Response.StatusCode = refused.Status;
        context.Response.Headers["x-ms-error-code"] = refused.Code;
        if (refused.RetryAfter is { } after)
            context.Response.Headers.RetryAfter = ((int)after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        // Tables answer in the one form, blobs and queues in the other; what is in neither, their clients fail to read.
        var isJson = context.Request.Headers.Accept.ToString().Contains("json", StringComparison.OrdinalIgnoreCase);
        context.Response.ContentType = isJson ? "application/json" : "application/xml";
        await context.Response.WriteAsync(isJson
            ? $$"""{"odata.error":{"code":"{{refused.Code}}","message":{"lang":"en-US","value":"A fault was made."} } }"""
            : $"""<?xml version="1.0" encoding="utf-8"?><Error><Code>{refused.Code}</Code><Message>A fault was made.</Message></Error>""");
    }

    private async Task PassAsync(HttpContext context, string asked, byte[]? read, StorageFault? fault)
    {
        using var forwarded = new HttpRequestMessage(
            new HttpMethod(context.Request.Method), new Uri($"http://127.0.0.1:{targetPort}{asked}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (read is not null)
            forwarded.Content = new ByteArrayContent(read);
        else if (context.Request.ContentLength is not null || context.Request.Headers.TransferEncoding.Count > 0)
            forwarded.Content = new StreamContent(context.Request.Body);
        foreach (var (name, values) in context.Request.Headers.Where(header => !OfConnection.Contains(header.Key)))
        {
            if (!forwarded.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
                forwarded.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }

        // What a client's going does not undo: a service finishes what it has begun.
        using var answer = await target.SendAsync(forwarded, CancellationToken.None);
        var body = await answer.Content.ReadAsByteArrayAsync(CancellationToken.None);
        if (fault is StorageFault.ResetAfter)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !OfConnection.Contains(header.Key)))
            context.Response.Headers[name] = values.ToArray();
        if (fault is not StorageFault.Cut)
        {
            if (context.Request.Method != HttpMethods.Head && body.Length > 0)
                await context.Response.Body.WriteAsync(body, context.RequestAborted);
            return;
        }

        await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
