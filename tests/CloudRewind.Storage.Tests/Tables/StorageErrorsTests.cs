using System.Net;
using Azure;
using Azure.Core.Pipeline;
using Azure.Identity;
using CloudRewind.Domain;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;
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
        var error = await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(() => MadeAnswers.Error(status)));

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
        var error = await Assert.ThrowsAsync<RequestFailedException>(() => ReadAsync(() => MadeAnswers.Error(status)));

        Assert.Equal((int)status, error.Status);
    }

    private static Task<bool> ReadAsync(Func<HttpResponseMessage> answer)
    {
        var tables = new StorageTables(StorageEmulator.ConnectionStringOf(1, 2, 3), options =>
        {
            options.Transport = new HttpClientTransport(new MadeAnswers(answer));
            options.RetryPolicy = new CallDeadline(TimeProvider.System, TimeSpan.FromMilliseconds(1));
        });
        return new TableRevokedTokens(tables).ContainsAsync(1, "token", CancellationToken.None);
    }
}
