using CloudRewind.Domain;
using CloudRewind.Domain.Driving;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Orchestrations.AssemblyDeletion;
using CloudRewind.Functions.Protections;
using CloudRewind.Functions.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>Work is listed before the decision that creates it: if the list refuses the write, the decision is not made.</summary>
public sealed class ListedFirstTests
{
    private readonly InMemoryProtections protections = new();
    private readonly InMemoryWorkList work = new();
    private readonly RecordedOrchestrations orchestrations = new();
    private readonly FakeTimeProvider time = new(ProtectionScene.Start);
    private readonly ProtectionId id = new(new(1, "demo", 7), 0, 1_700_000_000_000);

    [Theory]
    [InlineData(ProtectionStatus.Success)] // kept by count: it is not on the list
    [InlineData(ProtectionStatus.PruningFailed)]
    public async Task A_request_to_prune_lists_the_work_before_it_decides(ProtectionStatus status)
    {
        Add(status);
        var isListed = false;
        protections.Deciding = _ => isListed = work.Has(id);

        var answer = await PruneAsync();

        Assert.True(isListed);
        Assert.NotNull(protections.Rows[id].Prune);
        Assert.Equal(time.GetUtcNow(), work.DueAt(id));
        Assert.NotNull(answer);
    }

    [Theory]
    [InlineData(ProtectionStatus.Success)]
    [InlineData(ProtectionStatus.PruningFailed)]
    public async Task A_request_to_prune_changes_nothing_if_the_work_list_refuses_the_write(ProtectionStatus status)
    {
        var before = Add(status);
        work.IsBroken = true;

        await Assert.ThrowsAsync<StoreUnavailableException>(PruneAsync); // answered with storage-unavailable

        Assert.Equal(before, protections.Rows[id]);
        Assert.Empty(orchestrations.Scheduled);
        Assert.Empty(orchestrations.Raised);
    }

    [Fact]
    public async Task A_worker_that_dies_after_it_has_listed_the_work_leaves_it_to_the_watchdog()
    {
        Add(ProtectionStatus.Success);
        protections.Deciding = _ => throw new OperationCanceledException("the worker dies");

        await Assert.ThrowsAsync<OperationCanceledException>(PruneAsync);

        Assert.True(work.Has(id));
        Assert.Null(protections.Rows[id].Prune);
    }

    [Theory]
    [InlineData(ProtectionStatus.InProgress)]
    [InlineData(ProtectionStatus.Success)]
    public async Task A_batch_of_a_deletion_decides_nothing_if_the_work_list_refuses_the_write(ProtectionStatus status)
    {
        Add(status);
        await work.EnsureAsync(WorkKey.Deletion(id.Assembly), time.GetUtcNow(), CancellationToken.None);
        var batch = new PruneBatch(protections, new RefusesProtections(work), time, new CollectedLog<PruneBatch>());
        var range = new CreationRange(0, long.MaxValue);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => batch.Run(
            new DeletionBatch(id.Assembly, Actors.Test, Generation: 0, range, WakesAgain: false), orchestrations, new FakeFunctionContext(null)));

        Assert.True(protections.Rows[id] is { Cancel: null, Prune: null });
        Assert.Empty(orchestrations.Raised);
    }

    private Protection Add(ProtectionStatus status) =>
        protections.Rows[id] = new ProtectionScene().Row with { Id = id, Status = status, Sequence = 4, ExpiresAt = null };

    private Task<IResult> PruneAsync()
    {
        var http = new DefaultHttpContext();
        http.Request.RouteValues = new() { ["accountId"] = "1", ["projectId"] = "demo", ["cloudAssemblyId"] = "7" };
        http.Request.Path = "/api/v1/accounts/1/projects/demo/aws/cloud-assemblies/7/protections/prune";
        http.Request.QueryString = QueryString.Create("protection_id", $"{id}");
        http.Features.Set(Caller.Read(
            new JsonWebToken("""{"alg":"none"}""", """{"sub":"alice","jti":"1","account_id":1,"projects":["*"],"permissions":[]}"""), new ClaimNames()));
        var acts = new ProtectionActs(new ProtectionAccess(protections), protections, work, time, new CollectedLog<ProtectionActs>());
        return new PruneAwsProtection(acts).Run(http.Request, orchestrations, CancellationToken.None);
    }

    /// <summary>Only writes of protections are refused.</summary>
    private sealed class RefusesProtections(IWorkList work) : IWorkList
    {
        public Task<string> EnsureAsync(WorkKey key, DateTimeOffset expectedAt, CancellationToken cancellationToken) =>
            throw new StoreUnavailableException("The work list cannot be written.", new IOException());

        public Task<string?> ClaimAsync(WorkKey key, CancellationToken cancellationToken) => work.ClaimAsync(key, cancellationToken);

        public Task<int?> FindGenerationAsync(WorkKey key, CancellationToken cancellationToken) => work.FindGenerationAsync(key, cancellationToken);

        public IAsyncEnumerable<WorkItem> ListDueAsync(DateTimeOffset now, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
            work.ListDueAsync(now, unreadable, cancellationToken);

        public IAsyncEnumerable<WorkItem> ListAfterAsync(DateTimeOffset after, Action<UnreadableRow> unreadable, CancellationToken cancellationToken) =>
            work.ListAfterAsync(after, unreadable, cancellationToken);

        public Task<bool> PostponeAsync(WorkItem item, WorkItem changed, CancellationToken cancellationToken) => work.PostponeAsync(item, changed, cancellationToken);

        public Task CompleteAsync(WorkItem item, CancellationToken cancellationToken) => work.CompleteAsync(item, cancellationToken);

        public Task CompleteAsync(WorkKey key, string? claim, CancellationToken cancellationToken) => work.CompleteAsync(key, claim, cancellationToken);
    }
}
