using System.Net;
using Azure.Core.Pipeline;
using CloudRewind.Domain;
using CloudRewind.Domain.Protections;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;
using CloudRewind.Storage.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Storage.Tests.Tables;

[Collection(StorageTests.Name)]
public sealed class CallDeadlineTests(StorageFixture storage)
{
    private static readonly TimeSpan LookupAnswersWithin = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider time = new();
    private readonly ProtectionId id = new(StorageFixture.NewAssembly(), 0, 5);

    [Fact]
    public async Task A_row_that_storage_does_not_give_is_asked_for_again_and_no_longer_than_the_deadline()
    {
        var silent = new SilentTransport(time);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => storage.Store(storage.TablesThrough(silent, time)).FindAsync(id, CancellationToken.None));

        Assert.Equal([CallDeadline.LookupAttempt, CallDeadline.Lookup - CallDeadline.LookupAttempt], silent.Waits);
    }

    [Fact]
    public async Task A_write_that_storage_does_not_answer_is_repeated_and_no_longer_than_the_deadline()
    {
        var silent = new SilentTransport(time);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => storage.Policies(storage.TablesThrough(silent, time)).ListAsync(id.Assembly, row => Assert.Fail(row.ToString()), CancellationToken.None));

        Assert.Equal([CallDeadline.CallAttempt, CallDeadline.Call - CallDeadline.CallAttempt], silent.Waits);
    }

    [Fact]
    public async Task What_a_lookup_reads_is_read_with_its_deadline()
    {
        var silent = new SilentTransport(time);
        var tables = storage.TablesThrough(silent, time);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => new TableRevokedTokens(tables).ContainsAsync(1, "4f0c", CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => tables.CheckAsync(CancellationToken.None));

        Assert.Equal(CallDeadline.Lookup * 2, silent.Waits.Aggregate((one, other) => one + other));
    }

    [Fact]
    public void A_status_lookup_whose_two_reads_are_both_as_slow_as_they_may_be_answers_in_time() =>
        Assert.True(CallDeadline.Lookup * 2 < LookupAnswersWithin);

    [Theory]
    [InlineData(null, CallDeadline.MaxRetries + 1)]
    [InlineData(60, 1)]
    public async Task Storage_that_is_busy_is_asked_again_unless_it_wants_more_patience_than_there_is(int? retryAfter, int requests)
    {
        var asked = 0;
        var busy = new HttpClientTransport(new MadeAnswers(() =>
        {
            asked++;
            var answer = MadeAnswers.Error(HttpStatusCode.ServiceUnavailable);
            if (retryAfter is { } seconds)
                answer.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
            return answer;
        }));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => storage.Store(storage.TablesThrough(busy, time)).FindAsync(id, CancellationToken.None));

        Assert.Equal(requests, asked);
    }

    // As storage that takes a request and says nothing: the clock moves on to the limit of the attempt.
    private sealed class SilentTransport(FakeTimeProvider time) : HttpPipelineTransport
    {
        private readonly HttpClientTransport real = new();

        public List<TimeSpan> Waits { get; } = [];

        public override Azure.Core.Request CreateRequest() => real.CreateRequest();

        public override void Process(Azure.Core.HttpMessage message) => throw new NotSupportedException();

        public override ValueTask ProcessAsync(Azure.Core.HttpMessage message)
        {
            Waits.Add(message.NetworkTimeout!.Value);
            time.Advance(message.NetworkTimeout.Value);
            throw new OperationCanceledException();
        }
    }
}
