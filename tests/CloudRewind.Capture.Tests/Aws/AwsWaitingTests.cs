using System.Net;
using Amazon.EC2;
using Amazon.Runtime;
using Azure.Core;
using CloudRewind.Aws;
using CloudRewind.Aws.Calls;
using CloudRewind.Aws.Snapshots;
using CloudRewind.AwsEmulator.Sts;
using CloudRewind.Domain.Capture;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.Capture.Tests.Aws;

/// <summary>What is waited for, what is refused, and what nobody knows, where the three are easily confused.</summary>
public sealed class AwsWaitingTests
{
    private const string Hub = "arn:aws:iam::111111111111:role/cloud-rewind-hub";

    [Fact]
    public async Task A_start_that_is_throttled_until_its_time_is_over_is_waited_for()
    {
        await using var bench = await AwsBench.StartAsync(options => options with { SettleWindow = TimeSpan.FromMilliseconds(600) });
        var target = AwsBench.Target(AwsBench.Manual(bench.Aws.AddVolume().Id));
        var group = AwsBench.Entries(await bench.DiscoverAsync(target));
        bench.Aws.Faults.Fail("CreateSnapshot", "RequestLimitExceeded", "Request limit exceeded.", 503, times: 100);

        await Assert.ThrowsAsync<RetryLaterException>(() => bench.Provider.StartAsync(target, group, CancellationToken.None));
        Assert.Empty(bench.Aws.Snapshots);
    }

    [Fact]
    public async Task A_hub_whose_trust_policy_lets_nobody_in_is_named_and_not_the_customers_role()
    {
        await using var bench = await AwsBench.StartAsync();
        bench.Aws.AddRole(new EmulatedRole(Hub));
        var options = new AwsOptions(bench.Aws.Url, Hub, "api://hub", null, TimeSpan.FromSeconds(20), CopyTagsFromSource: false);
        await using var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton(options)
            .AddSingleton<TokenCredential>(new OneToken()).AddAws().BuildServiceProvider();

        var error = await Assert.ThrowsAsync<CaptureRefusedException>(
            () => services.GetRequiredKeyedService<ICaptureProvider>(AwsServices.Key).CheckAsync(AwsBench.Target(), CancellationToken.None));

        Assert.StartsWith($"The hub role {Hub} does not take the token", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(AwsBench.RoleArn, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endpoint_without_the_operation_for_instance_types_is_not_asked_again()
    {
        await using var bench = await AwsBench.StartAsync();
        var instance = bench.Aws.AddInstance([8]);
        bench.Aws.Faults.Fail("DescribeInstanceTypes", "InternalFailure", "The API is not yet implemented.", 501, times: 100);

        Assert.Single(await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual(instance.Id))));
        Assert.Equal(1, bench.Aws.Count("DescribeInstanceTypes"));
    }

    [Fact]
    public async Task More_instances_than_one_call_takes_are_asked_for_in_several()
    {
        await using var bench = await AwsBench.StartAsync();
        string[] ids = [.. Enumerable.Range(0, 201).Select(_ => bench.Aws.AddInstance([1]).Id)];

        Assert.Equal(201, (await bench.DiscoverAsync(AwsBench.Target(AwsBench.Manual(ids)))).Count);
        Assert.All(bench.Aws.Calls, call => Assert.InRange(call.Parameters.Keys.Count(key => key.StartsWith("Filter.", StringComparison.Ordinal) && key.Contains(".Value.", StringComparison.Ordinal)), 0, 200));
    }

    [Fact]
    public async Task A_region_that_takes_no_session_because_it_is_not_enabled_is_refused()
    {
        await using var bench = await AwsBench.StartAsync();
        bench.Aws.Faults.Fail("AssumeRole", "InvalidClientTokenId", "The security token included in the request is invalid.", 403);

        var error = await Assert.ThrowsAsync<CaptureRefusedException>(() => bench.Provider.CheckAsync(AwsBench.Target(region: "ap-east-1"), CancellationToken.None));

        Assert.StartsWith("AWS has no region 'ap-east-1', or it is not enabled", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("InvalidAction", 400)]
    [InlineData("InternalFailure", 501)]
    public async Task An_endpoint_without_the_operation_for_regions_does_not_keep_anything_from_being_protected(string code, int status)
    {
        await using var bench = await AwsBench.StartAsync();
        bench.Aws.Faults.Fail("DescribeRegions", code, "There is no such operation.", status, times: 100);

        await bench.Provider.CheckAsync(AwsBench.Target(), CancellationToken.None);
    }

    [Fact]
    public async Task A_session_that_an_enabled_region_does_not_take_is_waited_for()
    {
        await using var bench = await AwsBench.StartAsync();
        bench.Aws.Faults.Fail("AssumeRole", "InvalidClientTokenId", "The security token included in the request is invalid.", 403);

        var error = await Assert.ThrowsAsync<RetryLaterException>(() => bench.Provider.CheckAsync(AwsBench.Target(), CancellationToken.None));

        Assert.Contains(AwsBench.RoleArn, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_took_too_long_was_not_used() =>
        Assert.True(AwsErrors.WasNotSent(new TaskCanceledException("timed out", new TimeoutException("A connection could not be established within the configured ConnectTimeout."))));

    [Fact]
    public void Too_many_requests_is_throttling_whatever_the_code_is() =>
        Assert.True(AwsErrors.IsThrottling(new AmazonEC2Exception("Slow down.", ErrorType.Sender, null, "1", HttpStatusCode.TooManyRequests)));

    [Theory]
    [InlineData("SnapshotLocked", "Delete it later.", "is locked: unlock it")]
    [InlineData("OperationNotPermitted", "The snapshot is locked in compliance mode.", "is locked: unlock it")]
    [InlineData("InvalidSnapshot.InUse", "Deletion is blocked by ami-0123.", "is in use by ami-0123: deregister that AMI")]
    public void What_holds_a_snapshot_is_named(string code, string message, string expected) =>
        Assert.Contains(expected, WhatHolds.Describe("snap-1", new AmazonEC2Exception(message, ErrorType.Sender, code, "1", HttpStatusCode.BadRequest)), StringComparison.Ordinal);

    private sealed class OneToken : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("e30.e30.e30", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => new(GetToken(requestContext, cancellationToken));
    }
}
