using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using static CloudRewind.Capture.Tests.Emulator.EmulatorBench;

namespace CloudRewind.Capture.Tests.Emulator;

public sealed class FaultTests : EmulatorTests
{
    [Fact]
    public async Task A_volume_takes_a_snapshot_every_fifteen_seconds_at_most()
    {
        var volume = Bench.Aws.AddVolume();
        await Bench.SnapshotAsync(volume.Id);
        Bench.Time.Advance(TimeSpan.FromSeconds(14));
        await RefusedAsync("SnapshotCreationPerVolumeRateExceeded", 400, () => Bench.SnapshotAsync(volume.Id));
        Bench.Time.Advance(TimeSpan.FromSeconds(1));
        await Bench.SnapshotAsync(volume.Id);

        Assert.Equal(2, Bench.Aws.Snapshots.Count);
    }

    [Theory]
    [InlineData("gp3", 5)]
    [InlineData("st1", 1)]
    [InlineData("sc1", 1)]
    public async Task A_volume_has_so_many_pending_snapshots_at_most(string type, int most)
    {
        Bench.Aws.SnapshotTime = TimeSpan.FromHours(1);
        var volume = Bench.Aws.AddVolume(type: type);
        for (var count = 0; count < most; count++)
        {
            await Bench.SnapshotAsync(volume.Id);
            Bench.Time.Advance(TimeSpan.FromSeconds(15));
        }

        await RefusedAsync("ConcurrentSnapshotLimitExceeded", 400, () => Bench.SnapshotAsync(volume.Id));
        Bench.Time.Advance(TimeSpan.FromHours(1));
        await Bench.SnapshotAsync(volume.Id);
    }

    [Fact]
    public async Task A_set_that_would_exceed_the_accounts_pending_snapshots_makes_none()
    {
        Bench.Aws.Faults.MostPending = 2;
        var instance = Bench.Aws.AddInstance([8, 20, 30]);

        await RefusedAsync("PendingSnapshotLimitExceeded", 400, () => Bench.Ec2.CreateSnapshotsAsync(
            new CreateSnapshotsRequest { InstanceSpecification = new InstanceSpecification { InstanceId = instance.Id } }));
        Assert.Empty(Bench.Aws.Snapshots);
    }

    [Fact]
    public async Task A_lost_reply_is_an_error_to_the_caller_and_the_work_is_done_once()
    {
        var volume = Bench.Aws.AddVolume();
        Bench.Aws.Faults.LoseReplies("CreateSnapshot");

        await Assert.ThrowsAnyAsync<Exception>(() => Bench.SnapshotAsync(volume.Id));

        Assert.Single(await Bench.SnapshotsAsync());
        Assert.Equal((1, 0), (Bench.Aws.Count("CreateSnapshot", "lost"), Bench.Aws.Count("CreateSnapshot", "ok")));
    }

    [Fact]
    public async Task A_new_snapshot_shows_only_after_a_time()
    {
        Bench.Aws.Faults.VisibleAfter = TimeSpan.FromSeconds(4);
        await Bench.SnapshotAsync(Bench.Aws.AddVolume().Id);

        Assert.Empty(await Bench.SnapshotsAsync());
        Bench.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.Single(await Bench.SnapshotsAsync());
    }

    [Fact]
    public async Task Throttling_is_of_a_share_of_the_chosen_actions_and_repeatable()
    {
        Bench.Aws.Faults.Throttle(0.3, seed: 7, "DescribeVolumes");
        var first = await AnswersAsync();
        Bench.Aws.Faults.Throttle(0.3, seed: 7, "DescribeVolumes");

        Assert.InRange(first.Count(answer => answer == "RequestLimitExceeded"), 5, 25);
        Assert.Equal(first, await AnswersAsync());
        for (var count = 0; count < 20; count++)
            await Bench.SnapshotsAsync();

        async Task<List<string>> AnswersAsync()
        {
            Bench.Aws.ForgetCalls();
            for (var count = 0; count < 50; count++)
            {
                try
                {
                    await Bench.Ec2.DescribeVolumesAsync(new DescribeVolumesRequest());
                }
                catch (AmazonEC2Exception error)
                {
                    Assert.Equal(503, (int)error.StatusCode);
                }
            }

            return [.. Bench.Aws.Calls.Select(call => call.Answer)];
        }
    }

    [Fact]
    public async Task STS_throttles_in_words_of_its_own()
    {
        Bench.Aws.Faults.Throttle(1);

        var error = await Assert.ThrowsAsync<AmazonSecurityTokenServiceException>(() => Bench.Sts.GetCallerIdentityAsync(new GetCallerIdentityRequest()));

        Assert.Equal("Throttling", error.ErrorCode);
    }

    [Fact]
    public async Task The_next_calls_fail_as_told_and_faults_can_be_cleared()
    {
        Bench.Aws.Faults.Fail("DescribeSnapshots", "InternalError", "An internal error has occurred", 500, times: 2);
        await RefusedAsync("InternalError", 500, () => Bench.SnapshotsAsync());
        Bench.Aws.Faults.Clear();
        await Bench.SnapshotsAsync();
    }

    [Fact]
    public async Task Every_call_is_kept_with_what_was_asked_and_answered()
    {
        var (client, _) = await Bench.RestrictedAsync("""{"Sid":"All","Effect":"Allow","Action":"ec2:*","Resource":"*"}""");
        Bench.Aws.ForgetCalls();
        await client.DescribeVolumesAsync(new DescribeVolumesRequest { Filters = [Filter("tag:app", "shop")] });

        var call = Assert.Single(Bench.Aws.Calls);
        Assert.Equal(("DescribeVolumes", "eu-central-1", "a-test", "ok", Bench.Time.GetUtcNow()), (call.Action, call.Region, call.Session, call.Answer, call.At));
        Assert.Equal("tag:app", call.Parameters["Filter.1.Name"]);
    }
}
