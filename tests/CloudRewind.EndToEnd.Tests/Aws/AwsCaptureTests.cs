using System.Globalization;
using System.Text.Json.Nodes;
using CloudRewind.AwsEmulator;
using CloudRewind.AwsEmulator.Ec2;
using CloudRewind.AwsEmulator.Iam;
using CloudRewind.AwsEmulator.Sts;
using Xunit.Abstractions;

namespace CloudRewind.EndToEnd.Tests.Aws;

/// <summary>Real capture, from HTTP to EC2's protocol and back.</summary>
public sealed class AwsCaptureTests(AwsApp fixture, ITestOutputHelper output) : IClassFixture<AwsApp>
{
    private static readonly string[] Outcomes = ["success", "partially-protected", "failed", "skipped"];

    private readonly App app = fixture.App;
    private readonly EmulatedAws aws = fixture.Aws;

    [OwnProcessFact]
    public async Task Three_instances_with_seven_volumes_are_captured_each_at_one_moment_and_pruned()
    {
        var (client, instances) = await ShopAsync([8, 100], [8, 20, 30], [8, 500]);
        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, Outcomes);

        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
        var snapshots = SnapshotsOf(id);
        Assert.Equal(instances.SelectMany(instance => instance.Volumes).Select(volume => volume.Id).Order(), snapshots.Select(snapshot => snapshot.Volume.Id).Order());
        foreach (var instance in instances)
        {
            var own = snapshots.Where(snapshot => instance.Volumes.Contains(snapshot.Volume)).ToList();
            Assert.Single(own.Select(snapshot => snapshot.StartedAt).Distinct());
            Assert.All(own, snapshot => Assert.Equal(instance.Id, snapshot.Tags["cloudrewind:instance"]));
        }

        Assert.All(snapshots, snapshot =>
        {
            Assert.Equal($"{client.Address.AccountId}", snapshot.Tags["cloudrewind:account"]);
            Assert.Equal(client.Address.ProjectId, snapshot.Tags["cloudrewind:project"]);
            Assert.Equal($"{client.Address.CloudAssemblyId}", snapshot.Tags["cloudrewind:assembly"]);
            Assert.Contains(id, snapshot.Description, StringComparison.Ordinal);
        });

        await client.SendAsync(HttpMethod.Post, PathOf(client, id, "prune"));
        await client.WatchAsync(id, "elapsed");
        Assert.Empty(SnapshotsOf(id));
    }

    [OwnProcessFact]
    public async Task An_app_that_captures_on_AWS_has_no_table_of_simulated_snapshots()
    {
        var (client, _) = await ShopAsync([8]);
        await client.WatchAsync(await client.ProtectAgainAsync(), Outcomes);

        Assert.Contains(TableLayout.Protections, app.Tables.Names());
        Assert.DoesNotContain("SimulatedSnapshots", app.Tables.Names());
    }

    [OwnProcessFact]
    public async Task A_volume_whose_snapshot_fails_leaves_the_assembly_partially_protected_with_AWSs_message()
    {
        var (client, instances) = await ShopAsync([8, 100], [8]);
        instances[0].Volumes[1].SnapshotsFailWith = "Given key ID is not accessible";
        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, Outcomes);

        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "partially-protected"]);
        var failed = Assert.Single(await ResourcesAsync(client, id), resource => resource["state"]!.GetValue<string>() == "failed");
        Assert.Equal((instances[0].Volumes[1].Id, "Given key ID is not accessible"), (failed["id"]!.GetValue<string>(), failed["reason"]!.GetValue<string>()));
    }

    [OwnProcessFact]
    public async Task A_lost_reply_slow_visibility_and_a_kill_together_take_no_snapshot_twice()
    {
        var (client, instances) = await ShopAsync([8, 100], [8, 20, 30], [8, 500]);
        aws.Faults.VisibleAfter = TimeSpan.FromSeconds(4);
        aws.Faults.LoseReplies("CreateSnapshots", 2);
        try
        {
            var id = await client.ProtectAgainAsync();
            await Eventually.GetAsync(() => Task.FromResult(SnapshotsOf(id).Count), count => count > 0, "a snapshot");
            await app.Process.KillAndRecoverAsync(Victim.Both);
            await client.WatchAsync(id, Outcomes);

            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
            Assert.Equal(instances.SelectMany(instance => instance.Volumes).Select(volume => volume.Id).Order(), SnapshotsOf(id).Select(snapshot => snapshot.Volume.Id).Order());
        }
        finally
        {
            aws.Faults.VisibleAfter = TimeSpan.Zero;
            aws.Faults.Clear();
        }
    }

    [OwnProcessTheory]
    [InlineData("prune")]
    [InlineData("deletion")]
    public async Task Snapshots_that_EC2_does_not_show_yet_are_not_taken_for_removed(string removal)
    {
        var (client, _) = await ShopAsync([8, 100]);
        aws.Faults.VisibleAfter = TimeSpan.FromSeconds(8);
        try
        {
            var id = await client.ProtectAgainAsync();
            await Eventually.GetAsync(async () => (await ResourcesAsync(client, id)).Count(resource => resource["snapshotId"] is not null), count => count == 2, "recorded snapshots");
            if (removal == "prune")
            {
                await client.ActAsync("cancel", id);
                await client.WatchAsync(id, "failed");
            }

            await RemoveAsync(client, id, removal);

            await Eventually.GetAsync(async () => (await app.Tables.ProtectionAsync(id)).GetString("Status"), status => status == "elapsed", "elapsed");
            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "failed", "elapsed"]);
            Assert.Empty(SnapshotsOf(id));
        }
        finally
        {
            aws.Faults.Clear();
        }
    }

    [OwnProcessTheory]
    [InlineData("DeleteSnapshot", "RequestLimitExceeded", 503)]
    [InlineData("DescribeSnapshots", "InternalError", 500)]
    [InlineData("AssumeRole", "Throttling", 400)]
    public async Task A_prune_waits_for_what_passes_and_does_not_fail(string action, string code, int status)
    {
        var (client, _) = await ShopAsync([8, 100]);
        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, "success");
        aws.ForgetCalls();
        aws.ExpireSessions();
        aws.Faults.Fail(action, code, "Try again.", status, times: 8);
        try
        {
            await RemoveAsync(client, id, "prune");
            await client.WatchAsync(id, "elapsed");

            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success", "elapsed"]);
            Assert.Equal(8, aws.Count(action, code));
            Assert.Empty(SnapshotsOf(id));
        }
        finally
        {
            aws.Faults.Clear();
        }
    }

    [OwnProcessFact]
    public async Task A_locked_snapshot_fails_the_pruning_with_the_reason_and_goes_when_the_lock_does()
    {
        var (client, _) = await ShopAsync([8, 100]);
        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, Outcomes);
        var locked = SnapshotsOf(id)[0];
        locked.IsLocked = true;

        await client.SendAsync(HttpMethod.Post, PathOf(client, id, "prune"));
        await client.WatchAsync(id, "pruning-failed");
        var reason = (await TimelineAsync(client, id))["transitions"]!.AsArray()[^1]!["reason"]!.GetValue<string>();
        Assert.Contains($"snapshot {locked.Id} is locked: unlock it, or wait until its lock ends", reason, StringComparison.Ordinal);
        Assert.Equal([locked], SnapshotsOf(id));

        locked.IsLocked = false;
        await client.WatchAsync(id, "elapsed");
        Assert.Empty(SnapshotsOf(id));
    }

    public static TheoryData<string> Removals => ["prune", "retention", "deletion"];

    [OwnProcessTheory]
    [MemberData(nameof(Removals))]
    public async Task A_copy_is_removed_where_it_was_taken_although_the_assembly_has_moved_to_another_region_and_account(string removal)
    {
        var (client, _) = await ShopAsync([8, 100]);
        var id = await client.ProtectAgainAsync(removal == "retention" ? "PT20S" : "P30D");
        await client.WatchAsync(id, "success");
        Assert.Equal(2, SnapshotsOf(id).Count);
        await MoveAsync(client);

        await RemoveAsync(client, id, removal);

        await Eventually.GetAsync(async () => (await app.Tables.ProtectionAsync(id)).GetString("Status"), status => status == "elapsed", "elapsed");
        Assert.Empty(SnapshotsOf(id));
    }

    [OwnProcessFact]
    public async Task A_run_goes_on_where_it_began_although_the_assembly_moves_to_another_region_and_account()
    {
        aws.SnapshotTime = TimeSpan.FromSeconds(6);
        try
        {
            var (client, _) = await ShopAsync([8, 100]);
            var id = await client.ProtectAgainAsync();
            await Eventually.GetAsync(() => Task.FromResult(SnapshotsOf(id).Count), count => count == 2, "snapshots");

            await MoveAsync(client);

            await client.WatchAsync(id, Outcomes);
            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
            await RemoveAsync(client, id, "prune");
            await client.WatchAsync(id, "elapsed");
            Assert.Empty(SnapshotsOf(id));
        }
        finally
        {
            aws.SnapshotTime = TimeSpan.FromSeconds(1);
        }
    }

    [OwnProcessFact]
    public async Task A_copy_whose_role_is_gone_is_removed_with_the_assemblys_present_role_of_the_same_account_and_no_other()
    {
        const string Old = "arn:aws:iam::210987654321:role/old";
        aws.AddRole(new EmulatedRole(Old, AwsApp.ExternalId));
        var client = await PutAsync(AwsApp.Manual(aws.AddVolume().Id), role: Old);
        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, "success");
        aws.RemoveRole(Old);
        await MoveAsync(client);

        await RemoveAsync(client, id, "prune");
        await client.WatchAsync(id, "pruning-failed");
        var reason = (await TimelineAsync(client, id))["transitions"]!.AsArray()[^1]!["reason"]!.GetValue<string>();
        Assert.Contains($"The role {Old} cannot be assumed", reason, StringComparison.Ordinal);
        Assert.Single(SnapshotsOf(id));

        await client.PutAssemblyAsync(AwsApp.Assembly(AwsApp.Manual(), region: "us-east-1"));
        await client.WatchAsync(id, "elapsed");
        Assert.Empty(SnapshotsOf(id));
    }

    [OwnProcessFact]
    public async Task A_listed_id_that_does_not_exist_fails_alone_with_its_reason()
    {
        var volume = aws.AddVolume(20);
        var client = await PutAsync(AwsApp.Manual(volume.Id, "vol-00000000000000bad"));
        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, Outcomes);

        await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "partially-protected"]);
        Assert.Equal(volume, Assert.Single(SnapshotsOf(id)).Volume);
        Assert.Contains(await ResourcesAsync(client, id), resource => resource["reason"]?.GetValue<string>() == "There is no such volume in eu-central-1, or it is being deleted.");
    }

    [OwnProcessFact]
    public async Task A_preview_shows_what_would_be_captured_what_is_left_out_and_what_is_missing_and_creates_nothing()
    {
        const string Role = "arn:aws:iam::210987654321:role/reader";
        aws.AddRole(new EmulatedRole(Role, AwsApp.ExternalId, Policy.Parse(
            """{"Statement":[{"Sid":"Read","Effect":"Allow","Action":["ec2:Describe*"],"Resource":"*"}]}""")));
        var instance = aws.AddInstance([8, 100], type: "m5d.large");
        var client = await PutAsync(AwsApp.Manual(instance.Id, "i-00000000000000bad"), role: Role);

        var preview = (await client.GetAsync($"{client.Address.Path}/preview")).Json;

        Assert.Equal((2, 1, 108), (preview.GetProperty("totalResources").GetInt32(), preview.GetProperty("totalGroups").GetInt32(), preview.GetProperty("totalSizeGiB").GetInt32()));
        Assert.Equal(3, preview.GetProperty("resources").GetArrayLength());
        Assert.Equal("instance-store", preview.GetProperty("leftOut")[0].GetProperty("type").GetString());
        // Whether a snapshot may be deleted shows only where there is one.
        Assert.Equal(
            ["ec2:CreateSnapshots"],
            preview.GetProperty("missingPermissions").EnumerateArray().Select(missing => missing.GetProperty("permission").GetString()!).Except(["ec2:DeleteSnapshot"]));
        Assert.DoesNotContain(aws.Snapshots, snapshot => instance.Volumes.Contains(snapshot.Volume));
        (await client.With(new TokenClaims { AccountId = client.Address.AccountId, Permissions = ["aws-protections.read"] }).GetAsync($"{client.Address.Path}/preview")).IsRefused(403, "permission-missing");
    }

    [OwnProcessFact]
    public async Task A_preview_that_AWS_throttles_says_when_to_come_back()
    {
        var client = await PutAsync(AwsApp.Manual(aws.AddVolume().Id));
        aws.Faults.Fail("DescribeVolumes", "RequestLimitExceeded", "Request limit exceeded.", 503, times: 100);
        try
        {
            var answer = await client.GetAsync($"{client.Address.Path}/preview");

            answer.IsRefused(503, "provider-unavailable");
            Assert.InRange(int.Parse(answer.Header("Retry-After")!, CultureInfo.InvariantCulture), 5, 10);
        }
        finally
        {
            aws.Faults.Clear();
        }
    }

    [OwnProcessFact]
    public async Task Progress_is_weighted_by_size_and_shown_while_it_runs()
    {
        aws.SnapshotTime = TimeSpan.FromSeconds(12);
        try
        {
            var (client, _) = await ShopAsync([8, 100]);
            var id = await client.ProtectAgainAsync();
            var seen = await Eventually.GetAsync(
                async () => (await TimelineAsync(client, id))["progress"], progress => progress?["percent"]!.GetValue<int>() is > 0 and < 100, "a percentage");
            Assert.Equal((2, 0), (seen!["resources"]!["total"]!.GetValue<int>(), seen["resources"]!["failed"]!.GetValue<int>()));
            await client.WatchAsync(id, Outcomes);

            Assert.Null((await TimelineAsync(client, id))["progress"]);
        }
        finally
        {
            aws.SnapshotTime = TimeSpan.FromSeconds(1);
        }
    }

    [OwnProcessFact]
    public async Task A_role_that_cannot_be_assumed_fails_the_protection_and_says_what_its_trust_policy_must_allow()
    {
        var client = await PutAsync(AwsApp.Manual(aws.AddVolume().Id), externalId: "another");
        var reason = await FailureAsync(client);

        Assert.Contains($"The role {AwsApp.RoleArn} cannot be assumed", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("another", reason, StringComparison.Ordinal);
        (await client.GetAsync($"{client.Address.Path}/preview")).IsRefused(412, "cannot-be-protected");
    }

    [OwnProcessTheory]
    [InlineData("eu-nowhere-9")]
    [InlineData("ap-east-1")] // there is one, and it is not enabled
    public async Task A_region_that_is_not_there_fails_the_protection_and_is_named(string region)
    {
        var client = await PutAsync(AwsApp.Manual(aws.AddVolume().Id), region);

        Assert.Contains($"AWS has no region '{region}', or it is not enabled", await FailureAsync(client), StringComparison.Ordinal);
    }

    [OwnProcessFact]
    public async Task A_session_that_ends_half_way_is_begun_anew_and_while_it_cannot_be_the_timeline_says_so()
    {
        aws.SnapshotTime = TimeSpan.FromSeconds(6);
        try
        {
            var (client, _) = await ShopAsync([8, 100]);
            var id = await client.ProtectAgainAsync();
            await Eventually.GetAsync(() => Task.FromResult(SnapshotsOf(id).Count), count => count == 2, "snapshots");

            aws.Faults.Fail("AssumeRole", "ExpiredToken", "The security token included in the request is expired", times: 1_000);
            aws.ExpireSessions();
            var waiting = await Eventually.GetAsync(
                async () => (await TimelineAsync(client, id))["progress"]?["waiting"]?.GetValue<string>(), reason => reason is not null, "a reason to wait");
            Assert.Contains($"The role {AwsApp.RoleArn} cannot be assumed now", waiting, StringComparison.Ordinal);
            aws.Faults.Clear();
            await client.WatchAsync(id, Outcomes);

            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
        }
        finally
        {
            aws.Faults.Clear();
            aws.SnapshotTime = TimeSpan.FromSeconds(1);
        }
    }

    [OwnProcessTheory]
    [InlineData(0)]
    [InlineData(0.2)]
    public async Task Five_hundred_volumes_of_a_hundred_instances_end_with_five_hundred_snapshots(double throttled)
    {
        var (client, instances) = await ShopAsync([.. Enumerable.Range(0, 100).Select(_ => new[] { 8, 20, 50, 100, 200 })]);
        aws.Faults.PageSize = 100;
        aws.Faults.Throttle(throttled, seed: 7);
        aws.ForgetCalls();
        try
        {
            var id = await client.ProtectAgainAsync();
            await client.WatchAsync(id, Outcomes);

            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success"]);
            Assert.Equal(instances.SelectMany(instance => instance.Volumes).Select(volume => volume.Id).Order(), SnapshotsOf(id).Select(snapshot => snapshot.Volume.Id).Order());
            Assert.Equal(100, aws.Count("CreateSnapshots", "ok"));
            Assert.Equal((1, 5), (aws.Count("DescribeInstances", "ok"), aws.Count("DescribeVolumes", "ok") - 1)); // pages; and one look for volumes with the tag
            Assert.Equal(throttled > 0, aws.Calls.Any(call => call.Answer == "RequestLimitExceeded"));

            await client.SendAsync(HttpMethod.Post, PathOf(client, id, "prune"));
            await client.WatchAsync(id, "elapsed");
            Assert.Empty(SnapshotsOf(id));
            Assert.Equal(500, aws.Count("DeleteSnapshot", "ok"));
            await app.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success", "elapsed"]);
            foreach (var (call, count) in aws.Calls.CountBy(call => $"{call.Action} {call.Answer}").OrderBy(count => count.Key, StringComparer.Ordinal))
                output.WriteLine($"{call}: {count}");
        }
        finally
        {
            aws.Faults.PageSize = 1_000;
            aws.Faults.Clear();
        }
    }

    private async Task MoveAsync(ApiClient client)
    {
        const string Role = "arn:aws:iam::444455556666:role/cloud-rewind";
        aws.AddRole(new EmulatedRole(Role, AwsApp.ExternalId));
        var answer = await client.PutAssemblyAsync(AwsApp.Assembly(AwsApp.Manual(), "us-east-1", Role));
        Assert.True(answer.Status == 200, $"The assembly was not put: {answer}");
    }

    private static async Task RemoveAsync(ApiClient client, string id, string removal)
    {
        if (removal == "prune")
            Assert.Equal(202, (await client.SendAsync(HttpMethod.Post, PathOf(client, id, "prune"))).Status);
        else if (removal == "deletion")
            Assert.Equal(202, (await client.SendAsync(HttpMethod.Delete, client.Address.Path)).Status);
    }

    private static string PathOf(ApiClient client, string id, string what) => client.StatusPath(id).Replace("/status?", $"/{what}?", StringComparison.Ordinal);

    private static async Task<JsonNode> TimelineAsync(ApiClient client, string id) => JsonNode.Parse((await client.GetAsync(PathOf(client, id, "timeline"))).Json.GetRawText())!;

    private static async Task<IReadOnlyList<JsonNode>> ResourcesAsync(ApiClient client, string id) => [.. (await TimelineAsync(client, id))["resources"]!.AsArray().Select(resource => resource!)];

    // Instances, one for each list of sizes, with a tag that only they have, and an assembly of them.
    private async Task<(ApiClient Client, List<EmulatedInstance> Instances)> ShopAsync(params int[][] sizes)
    {
        var app = Guid.NewGuid().ToString("N");
        List<EmulatedInstance> instances = [.. sizes.Select(volumes => aws.AddInstance(volumes, new() { ["app"] = app }))];
        return (await PutAsync(AwsApp.Tagged("app", app)), instances);
    }

    private async Task<ApiClient> PutAsync(JsonObject filter, string region = "eu-central-1", string role = AwsApp.RoleArn, string externalId = AwsApp.ExternalId)
    {
        var client = app.NewAssembly();
        var answer = await client.PutAssemblyAsync(AwsApp.Assembly(filter, region, role, externalId));
        Assert.True(answer.Status == 201, $"The assembly was not put: {answer}");
        return client;
    }

    private async Task<string> FailureAsync(ApiClient client)
    {
        var id = await client.ProtectAgainAsync();
        await client.WatchAsync(id, Outcomes);
        await app.Tables.HasTimelineAsync(id, "created", "failed");
        return (await TimelineAsync(client, id))["transitions"]!.AsArray()[^1]!["reason"]!.GetValue<string>();
    }

    private IReadOnlyList<EmulatedSnapshot> SnapshotsOf(string id) => [.. aws.Snapshots.Where(snapshot => snapshot.Tags["cloudrewind:protection"] == id)];
}
