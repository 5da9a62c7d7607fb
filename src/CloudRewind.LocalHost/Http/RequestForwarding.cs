using System.Net;
using System.Text;
using Yarp.ReverseProxy.Forwarder;

namespace CloudRewind.LocalHost.Http;

/// <summary>Sends requests on to the worker's own server, as streams.</summary>
internal sealed class RequestForwarding(IHttpForwarder forwarder) : IDisposable
{
    private const string InvocationIdHeader = "x-ms-invocation-id";

    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromMinutes(4) };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8, // As Kestrel reads them; or a header that is not ASCII would not get through.
        ActivityHeadersPropagator = null,
    });

    /// <summary>Sends one, and answers with what comes back.</summary>
    /// <exception cref="ForwardingException">The request or the answer did not get through.</exception>
    public async Task SendAsync(HttpContext context, Uri worker, string invocationId)
    {
        context.Request.Headers[InvocationIdHeader] = invocationId;
        var error = await forwarder.SendAsync(context, worker.ToString(), _client, Config);
        if (error == ForwarderError.None)
            return;
        var failure = new ForwardingException(error, context.Features.Get<IForwarderErrorFeature>()?.Exception);
        if (failure.GetBaseException() is BadHttpRequestException bad && !context.Response.HasStarted)
        {
            // The client hears it now, whenever the function ends.
            context.Response.StatusCode = bad.StatusCode;
            await context.Response.WriteAsync(bad.Message);
            await context.Response.CompleteAsync();
        }

        throw failure;
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();
}
