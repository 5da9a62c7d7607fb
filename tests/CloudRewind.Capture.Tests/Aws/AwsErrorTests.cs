using CloudRewind.AwsEmulator;
using CloudRewind.Domain.Capture;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>What each of AWS's errors means to the domain: refused, later, or nobody knows.</summary>
public sealed class AwsErrorTests : IAsyncLifetime
{
    private AwsBench bench = null!;

    private EmulatedAws Aws => bench.Aws;

    public async Task InitializeAsync() => bench = await AwsBench.StartAsync();

    public Task DisposeAsync() => bench.DisposeAsync().AsTask();

    [Theory]
    [InlineData("SnapshotCreationPerVolumeRateExceeded", false, 15)]
    [InlineData("IncorrectState", false, 15)]
    [InlineData("IncorrectInstanceState", false, 15)]
    [InlineData("ConcurrentSnapshotLimitExceeded", false, 15)]
    [InlineData("PendingSnapshotLimitExceeded", true, 30)]
    [InlineData("SnapshotLimitExceeded", true, 30)]
    [InlineData("RequestLimitExceeded", true, 5)]
    [InlineData("Throttling", true, 5)]
    public async Task A_limit_is_waited_for_and_nothing_was_done(string code, bool concernsAll, int seconds)
    {
        Aws.Faults.Fail("CreateSnapshot", code, "Too much.", times: 100);

        var error = await Assert.ThrowsAsync<RetryLaterException>(StartAsync);

        Assert.Equal(concernsAll, error.ConcernsAll);
        Assert.InRange(error.After, TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(2 * seconds));
        Assert.Contains($"Too much ({code}).", error.Message, StringComparison.Ordinal);
        Assert.Empty(Aws.Snapshots);
    }

    [Fact]
    public async Task Some_throttling_is_not_even_noticed()
    {
        Aws.Faults.Fail("CreateSnapshot", "RequestLimitExceeded", "Request limit exceeded.", 503, times: 3);

        Assert.Single(await StartAsync());
        Assert.Single(Aws.Snapshots);
    }

    [Theory]
    [InlineData("InvalidVolume.NotFound", "The volume 'vol-1' does not exist.")]
    [InlineData("OptInRequired", "You are not subscribed to this service.")]
    public async Task What_does_not_pass_is_refused_with_AWSs_message(string code, string message)
    {
        Aws.Faults.Fail("CreateSnapshot", code, message);

        var error = await Assert.ThrowsAsync<CaptureRefusedException>(StartAsync);

        Assert.Equal($"ec2:CreateSnapshot: {message.TrimEnd('.')} ({code}).", error.Message);
        Assert.Equal(1, Aws.Count("CreateSnapshot"));
    }

    [Fact]
    public async Task Of_a_lost_reply_nobody_knows_and_the_start_is_not_repeated()
    {
        Aws.Faults.LoseReplies("CreateSnapshot");

        var error = await Assert.ThrowsAsync<IOException>(StartAsync);

        Assert.StartsWith("Nobody knows whether ec2:CreateSnapshot was done", error.Message, StringComparison.Ordinal);
        Assert.Single(Aws.Snapshots);
        Assert.Equal(1, Aws.Count("CreateSnapshot"));
    }

    [Theory]
    [InlineData("InternalError", 500, "An internal error has occurred (InternalError).")]
    [InlineData("Unavailable", 503, "An internal error has occurred (Unavailable).")]
    [InlineData("", 502, "(HTTP 502).")]
    public async Task After_an_error_of_the_server_the_outcome_is_unknown_and_the_start_is_not_repeated(string code, int status, string message)
    {
        Aws.Faults.Fail("CreateSnapshot", code, "An internal error has occurred", status);

        var error = await Assert.ThrowsAsync<IOException>(StartAsync);

        Assert.EndsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HttpErrorResponseException", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, Aws.Count("CreateSnapshot"));
    }

    [Theory]
    [InlineData("InternalError", 500, "An internal error has occurred (InternalError).")]
    [InlineData("", 502, "(HTTP 502).")]
    public async Task A_read_that_the_server_never_answers_names_its_message(string code, int status, string message)
    {
        Aws.Faults.Fail("DescribeSnapshots", code, "An internal error has occurred", status, times: 100);

        var error = await Assert.ThrowsAsync<RetryLaterException>(() => bench.ListAsync(AwsBench.Target()));

        Assert.StartsWith("ec2:DescribeSnapshots could not be asked of AWS", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_volume_that_is_being_created_is_waited_for()
    {
        var volume = Aws.AddVolume();
        volume.IsBeingCreated = true;
        var target = AwsBench.Target(AwsBench.Manual(volume.Id));
        var group = AwsBench.Entries(await bench.DiscoverAsync(target));

        Assert.False((await Assert.ThrowsAsync<RetryLaterException>(StartAsync)).ConcernsAll);
        volume.IsBeingCreated = false;
        Assert.Single(await StartAsync());

        Task<IReadOnlyList<Snapshot>> StartAsync() => bench.Provider.StartAsync(target, group, CancellationToken.None);
    }

    [Fact]
    public async Task A_role_is_assumed_again_after_a_lost_reply()
    {
        Aws.Faults.LoseReplies("AssumeRole");

        Assert.Empty(await bench.ListAsync(AwsBench.Target()));
        Assert.Equal(2, Aws.Count("AssumeRole"));
    }

    [Fact]
    public async Task A_missing_permission_is_found_where_the_first_page_of_snapshots_is_empty()
    {
        var policy = AwsEmulator.Iam.Policy.Parse("""{"Statement":[{"Sid":"All","Effect":"Allow","Action":["ec2:Describe*","ec2:Create*"],"Resource":"*"}]}""");
        await using var restricted = await AwsBench.StartAsync(policy: policy);
        var target = AwsBench.Target(AwsBench.Manual(restricted.Aws.AddVolume().Id));
        await restricted.StartAllAsync(target);
        restricted.Aws.Faults.EmptyFirstPages = true;

        var missing = await restricted.Provider.FindMissingPermissionsAsync(target, await restricted.DiscoverAsync(target), CancellationToken.None);

        Assert.Equal(["ec2:DeleteSnapshot"], missing.Select(permission => permission.Permission));
    }

    [Fact]
    public async Task A_start_gives_up_after_half_of_the_settle_window()
    {
        await using var slow = await AwsBench.StartAsync(options => options with { SettleWindow = TimeSpan.FromMilliseconds(400) });
        var target = AwsBench.Target(AwsBench.Manual(slow.Aws.AddVolume().Id));
        var entries = AwsBench.Entries(await slow.DiscoverAsync(target));
        slow.Aws.Faults.Delay = TimeSpan.FromMinutes(1);

        var error = await Assert.ThrowsAsync<IOException>(() => slow.Provider.StartAsync(target, entries, CancellationToken.None));

        Assert.Equal("Nobody knows whether ec2:CreateSnapshot was done: AWS did not answer in time.", error.Message);
    }

    [Fact]
    public async Task A_look_is_repeated_after_a_lost_reply_or_an_error_of_the_server()
    {
        var target = AwsBench.Target(AwsBench.Manual(Aws.AddVolume().Id));
        await bench.StartAllAsync(target);
        Aws.Faults.LoseReplies("DescribeSnapshots");
        Aws.Faults.Fail("DescribeSnapshots", "InternalError", "An internal error has occurred", 500);

        Assert.Single(await bench.ListAsync(target));
    }

    [Fact]
    public async Task A_missing_permission_is_named_with_its_role()
    {
        Aws.Faults.Fail(
            "DescribeVolumes",
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. User: arn:aws:sts::1:assumed-role/x/y is not authorized to perform: ec2:DescribeVolumes because no identity-based policy allows the ec2:DescribeVolumes action",
            403);

        var error = await Assert.ThrowsAsync<CaptureRefusedException>(() => bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual("vol-00000001"))));

        Assert.StartsWith($"The role {AwsBench.RoleArn} lacks the IAM permission ec2:DescribeVolumes.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_permission_to_do_the_work_that_is_missing_is_found_before_it_is_done()
    {
        var role = AwsEmulator.Iam.Policy.Parse("""{"Statement":[{"Sid":"Look","Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}]}""");
        await using var reader = await AwsBench.StartAsync(policy: role);
        var target = AwsBench.Target(AwsBench.Manual(reader.Aws.AddInstance([8]).Id, reader.Aws.AddVolume().Id));

        var missing = await reader.Provider.FindMissingPermissionsAsync(target, await reader.DiscoverAsync(target), CancellationToken.None);

        Assert.Equal(["ec2:CreateSnapshots", "ec2:CreateSnapshot"], missing.Select(permission => permission.Permission));
        Assert.Empty(reader.Aws.Snapshots);
    }

    [Fact]
    public async Task A_cancelled_call_is_no_error_of_AWS()
    {
        using var stopping = new CancellationTokenSource();
        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => bench.Provider.ListAsync(AwsBench.Target(), stopping.Token));
    }

    private async Task<IReadOnlyList<Snapshot>> StartAsync()
    {
        var target = AwsBench.Target(AwsBench.Manual(Aws.AddVolume().Id));
        return await bench.Provider.StartAsync(target, AwsBench.Entries(await bench.DiscoverAsync(target)), CancellationToken.None);
    }
}
