using Azure.Identity;
using CloudRewind.Aws.Access;
using CloudRewind.AwsEmulator.Sts;
using CloudRewind.Domain.Capture;
using Microsoft.Extensions.Time.Testing;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>From the app's identity to a session of a customer's role.</summary>
public sealed class AwsAccessTests : IAsyncLifetime
{
    private const string Hub = "arn:aws:iam::111111111111:role/cloud-rewind-hub";

    private readonly TestIdentity identity = new();
    private AwsBench bench = null!;

    public async Task InitializeAsync()
    {
        bench = await AwsBench.StartAsync(options => options with { HubRoleArn = Hub, WebIdentityAudience = TestIdentity.Audience }, identity: identity);
        bench.Aws.AddRole(new EmulatedRole(Hub, Web: new WebIdentity(TestIdentity.Issuer, TestIdentity.Audience, TestIdentity.Subject)));
        bench.Aws.AddRole(new EmulatedRole(AwsBench.RoleArn, AwsBench.ExternalId, TrustedRoles: [Hub]));
    }

    public Task DisposeAsync() => bench.DisposeAsync().AsTask();

    [Fact]
    public async Task The_identitys_token_opens_the_hub_and_the_hub_the_customers_role()
    {
        await CheckAsync(AwsBench.Target());

        Assert.Equal([$"{TestIdentity.Audience}/.default"], identity.Scopes);
        Assert.Equal(["AssumeRoleWithWebIdentity", "AssumeRole", "DescribeRegions"], bench.Aws.Calls.Select(call => call.Action));
        Assert.All(bench.Aws.Calls.Where(call => call.Action == "AssumeRole"), call => Assert.Equal("3600", call.Parameters["DurationSeconds"]));
    }

    [Fact]
    public async Task A_session_is_named_after_its_protection_and_kept_for_it()
    {
        var (target, other) = (AwsBench.Target(), AwsBench.Target());
        await CheckAsync(target);
        await bench.ListAsync(target);
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => bench.ListAsync(other)));

        Assert.Equal(1, bench.Aws.Count("AssumeRoleWithWebIdentity"));
        Assert.Equal(2, bench.Aws.Count("AssumeRole"));
        Assert.Equal(
            [target.Protection.ToString().Replace(':', '.'), other.Protection.ToString().Replace(':', '.')],
            bench.Aws.Calls.Where(call => call.Action.StartsWith("Describe", StringComparison.Ordinal)).Select(call => call.Session).Distinct());
    }

    [Fact]
    public async Task Protections_of_projects_whose_names_AWS_does_not_take_have_sessions_of_their_own()
    {
        string[] projects = ["Büro", "Bxro", "B-ro", "a:b", "a.b", new string('x', 100), new string('x', 101), "日本"];
        foreach (var project in projects)
            await CheckAsync(AwsBench.Target(project: project));

        var names = bench.Aws.Calls.Where(call => call.Action == "AssumeRole").Select(call => call.Parameters["RoleSessionName"]).ToList();
        Assert.Equal(projects.Length, names.Distinct().Count());
        Assert.All(names, name => Assert.InRange(name.Length, 2, 64));
    }

    [Fact]
    public async Task A_session_that_has_ended_is_begun_anew_once_for_all_who_use_it()
    {
        var target = AwsBench.Target();
        await CheckAsync(target);
        bench.Aws.ExpireSessions();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => bench.ListAsync(target)));

        Assert.Equal(2, bench.Aws.Count("AssumeRole", "ok"));
        Assert.Equal(2, bench.Aws.Count("AssumeRoleWithWebIdentity", "ok"));
    }

    [Fact]
    public async Task A_start_whose_session_has_ended_is_made_with_a_new_one()
    {
        var target = AwsBench.Target(AwsBench.Manual(bench.Aws.AddVolume().Id));
        var entries = AwsBench.Entries(await bench.DiscoverAsync(target));
        bench.Aws.ExpireSessions();

        Assert.Single(await bench.Provider.StartAsync(target, entries, CancellationToken.None));
    }

    [Fact]
    public async Task A_session_that_AWS_never_takes_is_waited_for()
    {
        bench.Aws.Faults.Fail("DescribeSnapshots", "RequestExpired", "Request has expired.", times: 100);

        var error = await Assert.ThrowsAsync<RetryLaterException>(() => bench.ListAsync(AwsBench.Target()));

        Assert.Contains($"AWS does not take the session of role {AwsBench.RoleArn}", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, bench.Aws.Count("DescribeSnapshots"));
    }

    [Theory]
    [InlineData("another")]
    [InlineData(null)]
    public async Task A_role_that_does_not_let_the_app_in_is_refused_and_no_external_id_is_repeated(string? externalId)
    {
        var error = await Assert.ThrowsAsync<CaptureRefusedException>(() => CheckAsync(AwsBench.Target(externalId: externalId)));

        Assert.Contains($"The role {AwsBench.RoleArn} cannot be assumed: its trust policy must allow {Hub} to", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(externalId ?? AwsBench.ExternalId, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_that_does_not_take_the_token_is_named_with_the_audience()
    {
        identity.TokenAudience = "https://management.azure.com";

        var error = await Assert.ThrowsAsync<CaptureRefusedException>(() => CheckAsync(AwsBench.Target()));

        Assert.Equal($"The hub role {Hub} does not take the token of the app's managed identity (audience {TestIdentity.Audience}): Incorrect token audience (InvalidIdentityToken).", error.Message);
    }

    [Fact]
    public async Task One_hub_session_opens_the_roles_of_every_region()
    {
        await bench.ListAsync(AwsBench.Target());
        await bench.ListAsync(AwsBench.Target(region: "us-east-1"));

        Assert.Equal(1, bench.Aws.Count("AssumeRoleWithWebIdentity"));
        Assert.Equal(["eu-central-1", "us-east-1"], bench.Aws.Calls.Where(call => call.Action == "AssumeRole").Select(call => call.Region));
    }

    [Theory]
    [InlineData("arn:aws:iam::111111111111:role/hub", "us-east-1")]
    [InlineData("arn:aws-cn:iam::111111111111:role/hub", "cn-north-1")]
    [InlineData("arn:aws-us-gov:iam::111111111111:role/hub", "us-gov-west-1")]
    public void The_hub_role_is_assumed_in_the_home_region_of_its_partition(string arn, string region) =>
        Assert.Equal(region, new HubCredentials(null!, identity, TimeProvider.System, arn, TestIdentity.Audience).Region);

    [Fact]
    public async Task A_home_region_whose_STS_is_not_activated_is_named()
    {
        bench.Aws.Faults.Fail("AssumeRoleWithWebIdentity", "RegionDisabledException", "STS is not activated in this region for account:111111111111.", 403);

        var error = await Assert.ThrowsAsync<CaptureRefusedException>(() => CheckAsync(AwsBench.Target()));

        Assert.StartsWith($"STS in AWS region us-east-1 is not activated in the account of the hub role {Hub}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ended_session_of_one_customer_does_not_take_the_hub_session_of_the_others_away()
    {
        var target = AwsBench.Target();
        await bench.ListAsync(target);
        bench.Aws.Faults.Fail("DescribeSnapshots", "RequestExpired", "Request has expired.");

        await bench.ListAsync(target);

        Assert.Equal((2, 1), (bench.Aws.Count("AssumeRole"), bench.Aws.Count("AssumeRoleWithWebIdentity")));
    }

    [Fact]
    public async Task A_hub_session_that_has_ended_is_replaced_once_for_all_customers()
    {
        await bench.ListAsync(AwsBench.Target());
        bench.Aws.ExpireSessions();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => bench.ListAsync(AwsBench.Target())));

        Assert.Equal(2, bench.Aws.Count("AssumeRoleWithWebIdentity", "ok"));
        Assert.Equal(11, bench.Aws.Count("AssumeRole", "ok"));
    }

    [Fact]
    public async Task A_hub_is_asked_again_after_a_lost_reply()
    {
        bench.Aws.Faults.LoseReplies("AssumeRoleWithWebIdentity");

        await CheckAsync(AwsBench.Target());

        Assert.Equal(2, bench.Aws.Count("AssumeRoleWithWebIdentity"));
    }

    [Fact]
    public async Task A_session_that_is_used_is_kept_and_an_idle_one_such_as_a_previews_is_dropped()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var timed = await AwsBench.StartAsync(time: time);
        var (used, idle) = (AwsBench.Target(), AwsBench.Target());
        await timed.ListAsync(idle);
        for (var minutes = 0; minutes < 12; minutes += 4)
        {
            await timed.ListAsync(used);
            time.Advance(TimeSpan.FromMinutes(4));
        }

        await timed.ListAsync(AwsBench.Target());
        Assert.Equal(3, timed.Aws.Count("AssumeRole"));
        await timed.ListAsync(used);
        Assert.Equal(3, timed.Aws.Count("AssumeRole"));
        await timed.ListAsync(idle);
        Assert.Equal(4, timed.Aws.Count("AssumeRole"));
    }

    [Fact]
    public async Task An_identity_without_a_token_is_waited_for()
    {
        identity.Error = new AuthenticationFailedException("The resource principal named api://... was not found.");

        var error = await Assert.ThrowsAsync<RetryLaterException>(() => CheckAsync(AwsBench.Target()));

        Assert.Contains("The app has no token of its managed identity", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("eu-nowhere-9")]
    [InlineData("ap-east-1")]
    public async Task A_region_that_is_not_there_or_not_enabled_is_refused(string region)
    {
        var error = await Assert.ThrowsAsync<CaptureRefusedException>(() => CheckAsync(AwsBench.Target(region: region)));

        Assert.StartsWith($"AWS has no region '{region}', or it is not enabled in this account", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_that_is_not_there_is_waited_for()
    {
        await bench.Aws.DisposeAsync();

        var error = await Assert.ThrowsAsync<RetryLaterException>(() => CheckAsync(AwsBench.Target()));

        Assert.True(error.After > TimeSpan.Zero);
    }

    private Task CheckAsync(CaptureTarget target) => bench.Provider.CheckAsync(target, CancellationToken.None);
}
