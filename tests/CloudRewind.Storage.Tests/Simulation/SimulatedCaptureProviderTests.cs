using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Simulation;
using CloudRewind.Storage.Tables;
using CloudRewind.Storage.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Storage.Tests.Simulation;

[Collection(StorageTests.Name)]
public sealed class SimulatedCaptureProviderTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private readonly StorageFixture storage;
    private readonly FakeTimeProvider time = new(Requests.Now);
    private readonly SimulatedCaptureProvider provider;
    private readonly CloudAssembly assembly;
    private readonly ProtectionId id;

    public SimulatedCaptureProviderTests(StorageFixture storage)
    {
        this.storage = storage;
        provider = new SimulatedCaptureProvider(storage.Tables, new SimulationOptions(Step), time);
        assembly = AssemblyOf(new ResourceFilter.Manual(["sim-ok-a", "sim-ok-b"]));
        id = new ProtectionId(assembly.Key, 0, 5);
    }

    public static TheoryData<ResourceFilter> OtherFilters =>
    [
        new ResourceFilter.Vpc("vpc-0a1b2c3d"),
        new ResourceFilter.Tags([new ResourceTag("app", "shop")], MatchAll: true),
    ];

    [Fact]
    public async Task A_manual_list_can_be_protected_and_is_discovered()
    {
        Assert.Null(await StepAsync(provider.CheckAsync(assembly, CancellationToken.None)));
        Assert.Equal(
            ["sim-ok-a", "sim-ok-b"],
            (await StepAsync(provider.DiscoverAsync(assembly, CancellationToken.None))).Select(resource => resource.ResourceId));
    }

    [Theory]
    [MemberData(nameof(OtherFilters))]
    public async Task Any_other_filter_cannot_be_protected_and_the_reason_says_so(ResourceFilter filter)
    {
        const string Reason = "The simulated provider knows manual lists only.";
        var other = AssemblyOf(filter);

        Assert.Equal(Reason, await StepAsync(provider.CheckAsync(other, CancellationToken.None)));
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => StepAsync(provider.DiscoverAsync(other, CancellationToken.None)));
        Assert.Equal(Reason, error.Message);
    }

    [Theory]
    [InlineData("sim-ok-a", 1)]
    [InlineData("sim-slow-a", 10)]
    [InlineData("sim-keep-a", 1)]
    public async Task A_capture_takes_its_steps(string resource, int steps)
    {
        var snapshot = Assert.IsType<CaptureProgress.Capturing>(await StartAsync(resource)).SnapshotId;

        time.Advance((Step * steps) - TimeSpan.FromMilliseconds(1));
        Assert.IsType<CaptureProgress.Capturing>(await PollAsync(resource, snapshot));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.IsType<CaptureProgress.Captured>(await PollAsync(resource, snapshot));
    }

    [Fact]
    public async Task A_stuck_capture_never_ends()
    {
        var snapshot = Assert.IsType<CaptureProgress.Capturing>(await StartAsync("sim-stuck-a")).SnapshotId;
        time.Advance(TimeSpan.FromDays(365));

        Assert.IsType<CaptureProgress.Capturing>(await PollAsync("sim-stuck-a", snapshot));
    }

    [Theory]
    [InlineData("sim-fail-a")]
    [InlineData("vol-0123456789abcdef0")]
    public async Task What_cannot_be_captured_fails_for_good(string resource) =>
        Assert.IsType<CaptureProgress.Failed>(await StartAsync(resource));

    [Fact]
    public async Task A_flaky_resource_fails_twice_and_then_works()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => StartAsync("sim-flaky-a"));
        await Assert.ThrowsAsync<TimeoutException>(() => StartAsync("sim-flaky-a"));

        Assert.IsType<CaptureProgress.Capturing>(await StartAsync("sim-flaky-a"));
    }

    [Fact]
    public async Task A_second_start_adopts_the_snapshot_of_the_first()
    {
        var first = Assert.IsType<CaptureProgress.Capturing>(await StartAsync("sim-ok-a"));
        var second = Assert.IsType<CaptureProgress.Capturing>(await StartAsync("sim-ok-a"));

        Assert.Equal(first.SnapshotId, second.SnapshotId);
        Assert.Single(await SnapshotsAsync());
    }

    [Fact]
    public async Task What_was_captured_can_be_removed_also_twice()
    {
        await StartAsync("sim-ok-a");
        await StartAsync("sim-ok-b");

        Assert.Null(await RemoveAsync("sim-ok-a"));
        Assert.Null(await RemoveAsync("sim-ok-a"));

        Assert.Single(await SnapshotsAsync());
    }

    [Fact]
    public async Task What_is_kept_can_be_removed_at_the_third_attempt()
    {
        await StartAsync("sim-keep-a");

        Assert.NotNull(await RemoveAsync("sim-keep-a"));
        Assert.NotNull(await RemoveAsync("sim-keep-a"));
        Assert.Single(await SnapshotsAsync());
        Assert.Null(await RemoveAsync("sim-keep-a"));
        Assert.Empty(await storage.RowsAsync(StorageTables.SimulatedSnapshotsName, $"PartitionKey eq '{KeyText.Encode(id.ToString())}'"));
    }

    [Fact]
    public async Task A_snapshot_that_is_gone_has_failed()
    {
        var snapshot = Assert.IsType<CaptureProgress.Capturing>(await StartAsync("sim-ok-a")).SnapshotId;
        await RemoveAsync("sim-ok-a");

        Assert.Contains(snapshot, Assert.IsType<CaptureProgress.Failed>(await PollAsync("sim-ok-a", snapshot)).Reason, StringComparison.Ordinal);
    }

    private static CloudAssembly AssemblyOf(ResourceFilter filter) => new(
        StorageFixture.NewAssembly(),
        new AssemblyDefinition("Demo", null, "eu-central-1", new CloudConnection("arn:aws:iam::123456789012:role/cloud-rewind", null), filter, null, AssemblyStatus.Enabled),
        Requests.Now,
        Requests.Now,
        1);

    private async Task<T> StepAsync<T>(Task<T> step)
    {
        Assert.False(step.IsCompleted);
        time.Advance(Step);
        return await step;
    }

    private Task<CaptureProgress> StartAsync(string resource) => provider.StartAsync(new CaptureTarget(id, assembly, resource), CancellationToken.None);

    private Task<CaptureProgress> PollAsync(string resource, string snapshot) => provider.PollAsync(new CaptureTarget(id, assembly, resource), snapshot, CancellationToken.None);

    private Task<string?> RemoveAsync(string resource) => provider.RemoveAsync(new CaptureTarget(id, assembly, resource), CancellationToken.None);

    private Task<List<Azure.Data.Tables.TableEntity>> SnapshotsAsync() =>
        storage.RowsAsync(StorageTables.SimulatedSnapshotsName, $"PartitionKey eq '{KeyText.Encode(id.ToString())}' and SnapshotId ne ''");
}
