using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace CloudRewind.FunctionsHost.Http;

/// <summary>Sends requests on to the worker's own server, as streams.</summary>
internal sealed class RequestForwarding(IHttpForwarder forwarder) : IDisposable
{
    private const string InvocationIdHeader = "x-ms-invocation-id";
    private const string OriginalUrlHeader = "X-WAWS-Unencoded-URL";

    // Of the worker's server, with the ends of the line.
    private const int LongestRequestLine = 8 * 1024;
    private const int AroundTarget = 12;

    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromMinutes(4) };

    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        UseProxy = false,
        RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1, // as they were read: each byte as it is
        ActivityHeadersPropagator = null,
    });

    /// <summary>Sends one, and answers with what comes back.</summary>
    /// <exception cref="ForwardingException">The request or the answer did not get through.</exception>
    public async Task SendAsync(HttpContext context, Uri worker, string invocationId)
    {
        context.Request.Headers[InvocationIdHeader] = invocationId;
        // As Azure's front end does.
        context.Request.Headers[OriginalUrlHeader] = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (context.Request.Method.Length + AroundTarget + TargetOf(context.Request, worker).Length > LongestRequestLine)
        {
            // The worker's server would refuse it too, but might end the connection on a body that is still on its way.
            context.Response.StatusCode = StatusCodes.Status414UriTooLong;
            await context.Response.CompleteAsync();
            return;
        }

        var error = await forwarder.SendAsync(context, worker.ToString(), client, Config);
        if (error == ForwarderError.None)
        {
            // The worker's server refused it by itself: no function will ever see the request, and this answer is the only one.
            if (context.Response.StatusCode is StatusCodes.Status400BadRequest
                or StatusCodes.Status414UriTooLong
                or StatusCodes.Status431RequestHeaderFieldsTooLarge)
                await context.Response.CompleteAsync();
            return;
        }

        var cause = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        var bad = BadRequestIn(cause);
        if ((bad is not null || error is ForwarderError.RequestBodyClient) && !context.Response.HasStarted)
        {
            // The client hears it now, whenever the function ends.
            context.Response.StatusCode = bad?.StatusCode ?? StatusCodes.Status400BadRequest;
            await context.Response.WriteAsync(bad?.Message ?? "The body of the request cannot be read.");
            await context.Response.CompleteAsync();
        }

        throw new ForwardingException(error, cause);
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    // Encoding it again may make it longer.
    private static string TargetOf(HttpRequest request, Uri worker) =>
        RequestUtilities.MakeDestinationAddress(worker.ToString(), request.Path, request.QueryString).PathAndQuery;

    // The forwarder may have more to tell than what the client did wrong.
    private static BadHttpRequestException? BadRequestIn(Exception? error) => error switch
    {
        null => null,
        BadHttpRequestException bad => bad,
        AggregateException several => several.InnerExceptions.Select(BadRequestIn).FirstOrDefault(bad => bad is not null),
        _ => BadRequestIn(error.InnerException),
    };
}
