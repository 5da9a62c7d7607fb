using System.Net;
using System.Text;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>Answers that storage did not give.</summary>
internal sealed class MadeAnswers(Func<HttpResponseMessage> answer) : HttpMessageHandler
{
    /// <summary>An error of Table Storage.</summary>
    public static HttpResponseMessage Error(HttpStatusCode status) => new(status)
    {
        Content = new StringContent("""{"odata.error":{"code":"SomeCode","message":{"lang":"en-US","value":"Said by storage."}}}""", Encoding.UTF8, "application/json"),
    };

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
}
