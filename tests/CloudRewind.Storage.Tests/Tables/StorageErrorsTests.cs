using System.Net;
using System.Text;
using Azure;
using Azure.Core.Pipeline;
using Azure.Identity;
using CloudRewind.Domain;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tokens;

namespace CloudRewind.Storage.Tests.Tables;

public sealed class StorageErrorsTests
{
    public static TheoryData<Exception> NoAnswers =>
    [
        new HttpRequestException("no route to host"),
        new IOException("the connection was reset"),
        new TaskCanceledException("the network timed out"),
        new AuthenticationFailedException("no identity yet"),
    ];

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.Forbidden)]
    [InlineData(HttpStatusCode.RequestTimeout)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    public async Task A_transient_error_is_an_outage(HttpStatusCode status)
    {
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(() => Answer(status)));

        Assert.Contains($"Table Storage could not read the revoked tokens: {(int)status}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(NoAnswers))]
    public async Task No_answer_is_an_outage(Exception error) =>
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(() => throw error));

    [Theory]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.Conflict)]
    [InlineData(HttpStatusCode.RequestEntityTooLarge)]
    public async Task Any_other_error_goes_through_unchanged(HttpStatusCode status)
    {
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => ReadAsync(() => Answer(status)));

        Assert.Equal((int)status, error.Status);
    }

    private static Task<bool> ReadAsync(Func<HttpResponseMessage> answer)
    {
        var tables = new StorageTables(StorageEmulator.ConnectionStringOf(1, 2, 3), options =>
        {
            options.Transport = new HttpClientTransport(new Answers(answer));
            options.Retry.MaxRetries = 1;
            options.Retry.Delay = options.Retry.MaxDelay = TimeSpan.FromMilliseconds(1);
        });
        return new TableRevokedTokens(tables).ContainsAsync(1, "token", CancellationToken.None);
    }

    private static HttpResponseMessage Answer(HttpStatusCode status) => new(status)
    {
        Content = new StringContent("""{"odata.error":{"code":"SomeCode","message":{"lang":"en-US","value":"Said by storage."}}}""", Encoding.UTF8, "application/json"),
    };

    private sealed class Answers(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }
}
