using Azure.Data.Tables;
using CloudRewind.Capture.Tests.Aws;
using CloudRewind.Capture.Tests.Support;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Capture;
using CloudRewind.Simulation;
using CloudRewind.Storage.Tables;
using CloudRewind.TestSupport;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Capture.Tests.Simulation;

public sealed class SimulatedCaptureProviderTests : IClassFixture<StorageFixture>
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider time = new(Now);
    private readonly StorageTables tables;
    private readonly TableServiceClient service;
    private readonly SimulatedCaptureProvider provider;
    private readonly CaptureTarget target = AwsBench.Target();

    public SimulatedCaptureProviderTests(StorageFixture storage)
    {
        ArgumentNullException.ThrowIfNull(storage);
        tables = storage.Tables;
        service = new TableServiceClient(storage.ConnectionString);
        provider = new SimulatedCaptureProvider(tables, new SimulationOptions(Step), time);
    }

    public static TheoryData<ResourceFilter, int, int> OtherFilters => new()
    {
        { new ResourceFilter.Vpc("vpc-0a1b2c3d4e5f60718"), 6, 724 },
        { new ResourceFilter.Vpc("vpc-0a1b2c3d"), 0, 0 },
        { new ResourceFilter.Tags([new("environment", "production"), new("application", "web-shop")], MatchAll: true), 6, 724 },
        { new ResourceFilter.Tags([new("environment", "staging"), new("application", "crm")], MatchAll: false), 4, 266 },
        { new ResourceFilter.Tags([new("environment", "staging"), new("environment", "production")], MatchAll: true), 0, 0 },
        { new ResourceFilter.Tags([new("environment", "*")], MatchAll: true), 0, 0 },
    };

    [Fact]
    public async Task A_manual_list_is_discovered_each_resource_once_and_an_at_sign_makes_a_group()
    {
        await StepAsync(Checked());

        var found = await StepAsync(provider.DiscoverAsync(target, AwsBench.Manual("sim-ok-a", "sim-ok-b@web", "sim-ok-c@web", "sim-ok-a"), CancellationToken.None));

        Assert.Equal(["sim-ok-a", "sim-ok-b@web", "sim-ok-c@web"], found.Resources.Select(resource => resource.ResourceId));
        Assert.Equal(["sim-ok-a", "@web", "@web"], found.Resources.Select(resource => resource.GroupId));
        Assert.Empty(found.LeftOut);

        async Task<bool> Checked()
        {
            await provider.CheckAsync(target, CancellationToken.None);
            return true;
        }
    }

    [Theory]
    [MemberData(nameof(OtherFilters))]
    public async Task Any_other_filter_selects_from_a_made_up_account(ResourceFilter filter, int resources, int sizeGiB)
    {
        var instant = new SimulatedCaptureProvider(tables, new SimulationOptions(TimeSpan.Zero), time);

        var found = (await instant.DiscoverAsync(target, filter, CancellationToken.None)).Resources;

        Assert.Equal((resources, sizeGiB), (found.Count, found.Sum(resource => resource.SizeGiB)));
        Assert.All(found, resource => Assert.Null(resource.Failure));
    }

    [Fact]
    public async Task An_id_of_AWS_is_a_failed_resource_whose_reason_says_that_this_is_simulation()
    {
        var instant = new SimulatedCaptureProvider(tables, new SimulationOptions(TimeSpan.Zero), time);

        var found = Assert.Single((await instant.DiscoverAsync(target, AwsBench.Manual("i-0123456789abcdef0"), CancellationToken.None)).Resources);

        Assert.StartsWith("It is not a simulated id: those begin with sim-ok-, ", found.Failure, StringComparison.Ordinal);
        Assert.EndsWith(
            "Capture is simulated, and AWS is not contacted; set Capture__Provider=Aws to protect real resources.", found.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sim-ok-a", 1)]
    [InlineData("sim-slow-a", 10)]
    [InlineData("sim-keep-a", 1)]
    public async Task A_capture_takes_its_steps_and_shows_how_far_it_is(string resource, int steps)
    {
        Assert.Equal((SnapshotState.Pending, 0), await SeeAsync(await StartAsync(resource)));

        time.Advance(Step * steps / 2);
        Assert.Equal((SnapshotState.Pending, 50), await SeeAsync());
        time.Advance(Step * steps / 2);
        Assert.Equal((SnapshotState.Completed, 100), await SeeAsync());
    }

    [Fact]
    public async Task A_stuck_capture_never_ends()
    {
        await StartAsync("sim-stuck-a");
        time.Advance(TimeSpan.FromDays(365));

        Assert.Equal((SnapshotState.Pending, 0), await SeeAsync());
    }

    [Theory]
    [InlineData("sim-fail-a")]
    [InlineData("vol-0123456789abcdef0")]
    public async Task A_resource_that_cannot_be_captured_is_refused(string resource)
    {
        await Assert.ThrowsAsync<CaptureRefusedException>(() => StartAsync(resource));
        Assert.Empty(await ListAsync());
    }

    [Fact]
    public async Task A_flaky_resource_ends_without_an_answer_twice_and_then_works()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => StartAsync("sim-flaky-a"));
        await Assert.ThrowsAsync<TimeoutException>(() => StartAsync("sim-flaky-a"));

        Assert.Single(await StartAsync("sim-flaky-a"));
    }

    [Fact]
    public async Task A_throttled_resource_is_told_to_wait_more_often_than_errors_are_forgiven_and_then_works()
    {
        for (var times = 0; times < 8; times++)
            Assert.Equal(Step, (await Assert.ThrowsAsync<RetryLaterException>(() => StartAsync("sim-throttled-a"))).After);

        Assert.InRange(CaptureLimits.MaxErrorsInARow, 1, 7);
        Assert.Single(await StartAsync("sim-throttled-a"));
    }

    [Fact]
    public async Task Every_start_makes_a_snapshot_as_at_AWS()
    {
        await StartAsync("sim-ok-a");
        await StartAsync("sim-ok-a");

        Assert.Equal(2, (await ListAsync()).Select(snapshot => snapshot.SetId).Distinct().Count());
    }

    [Fact]
    public async Task A_kept_snapshot_can_be_removed_at_the_third_attempt_and_leaves_nothing()
    {
        var id = (await StartAsync("sim-keep-a"))[0].Id;

        await Assert.ThrowsAsync<CaptureRefusedException>(() => RemoveAsync(id));
        await Assert.ThrowsAsync<CaptureRefusedException>(() => RemoveAsync(id));
        Assert.Single(await ListAsync());
        Assert.True(await RemoveAsync(id));

        Assert.Empty(await service.ReadSimulatedAsync(target.Protection.ToString()));
    }

    private async Task<T> StepAsync<T>(Task<T> step)
    {
        Assert.False(step.IsCompleted);
        time.Advance(Step);
        return await step;
    }

    private Task<IReadOnlyList<Snapshot>> StartAsync(string resource) => provider.StartAsync(
        target, [new ProtectedResource { ResourceId = resource, Type = "simulated", GroupId = resource, State = ResourceState.Capturing }], CancellationToken.None);

    private Task<IReadOnlyList<Snapshot>> ListAsync() => provider.ListAsync(target, CancellationToken.None);

    private async Task<(SnapshotState, int)> SeeAsync(IReadOnlyList<Snapshot>? snapshots = null)
    {
        var snapshot = Assert.Single(snapshots ?? await ListAsync());
        return (snapshot.State, snapshot.Percent);
    }

    private Task<bool> RemoveAsync(string id) => provider.RemoveAsync(target, id, CancellationToken.None);
}
