using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using CloudRewind.AwsEmulator;
using CloudRewind.AwsEmulator.Iam;
using CloudRewind.AwsEmulator.Sts;
using Microsoft.Extensions.Time.Testing;
using Tag = Amazon.EC2.Model.Tag;

namespace CloudRewind.Capture.Tests.Emulator;

/// <summary>The SDK's own clients, which never retry, against an account with a clock of its own.</summary>
internal sealed class EmulatorBench : IAsyncDisposable
{
    public const string RoleArn = "arn:aws:iam::123456789012:role/tested";

    private readonly List<IDisposable> clients = [];

    private EmulatorBench(EmulatedAws aws, FakeTimeProvider time)
    {
        (Aws, Time) = (aws, time);
        Sts = StsOf(new BasicAWSCredentials("AKIATEST", "of-no-use-anywhere"));
        Ec2 = Ec2Of(new BasicAWSCredentials("AKIATEST", "of-no-use-anywhere"));
    }

    public EmulatedAws Aws { get; }

    public FakeTimeProvider Time { get; }

    public AmazonSecurityTokenServiceClient Sts { get; }

    /// <summary>May do everything.</summary>
    public AmazonEC2Client Ec2 { get; }

    public static async Task<EmulatorBench> StartAsync()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 12, 0, 0, TimeSpan.Zero));
        return new EmulatorBench(await EmulatedAws.StartAsync(time), time);
    }

    public AmazonEC2Client Ec2Of(AWSCredentials credentials, string region = "eu-central-1") =>
        Kept(new AmazonEC2Client(credentials, new AmazonEC2Config { ServiceURL = Aws.Url.AbsoluteUri, AuthenticationRegion = region, MaxErrorRetry = 0 }));

    public AmazonSecurityTokenServiceClient StsOf(AWSCredentials credentials) =>
        Kept(new AmazonSecurityTokenServiceClient(
            credentials, new AmazonSecurityTokenServiceConfig { ServiceURL = Aws.Url.AbsoluteUri, AuthenticationRegion = "eu-central-1", MaxErrorRetry = 0 }));

    /// <summary>A client of a session of a role with this policy's statements.</summary>
    public async Task<(AmazonEC2Client Client, Policy Policy)> RestrictedAsync(string statements)
    {
        var policy = Policy.Parse($$"""{"Version":"2012-10-17","Statement":[{{statements}}]}""");
        Aws.AddRole(new EmulatedRole(RoleArn, Policy: policy));
        var session = await Sts.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = RoleArn, RoleSessionName = "a-test" });
        return (Ec2Of(session.Credentials), policy);
    }

    public static Filter Filter(string name, params IEnumerable<string> values) => new(name, [.. values]);

    public static TagSpecification TagsOfSnapshots(params IEnumerable<(string Key, string Value)> tags) =>
        new() { ResourceType = ResourceType.Snapshot, Tags = [.. tags.Select(tag => new Tag(tag.Key, tag.Value))] };

    public Task<CreateSnapshotResponse> SnapshotAsync(string volume, params IEnumerable<(string Key, string Value)> tags)
    {
        var request = new CreateSnapshotRequest { VolumeId = volume };
        if (tags.Any())
            request.TagSpecifications = [TagsOfSnapshots(tags)];
        return Ec2.CreateSnapshotAsync(request);
    }

    public async Task<IReadOnlyList<Amazon.EC2.Model.Snapshot>> SnapshotsAsync(params IEnumerable<Filter> filters) =>
        (await Ec2.DescribeSnapshotsAsync(new DescribeSnapshotsRequest { OwnerIds = ["self"], Filters = [.. filters] })).Snapshots ?? [];

    /// <summary>Expects an error of EC2.</summary>
    public static async Task<AmazonEC2Exception> RefusedAsync(string code, int status, Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<AmazonEC2Exception>(call);
        Assert.Equal((code, status), (error.ErrorCode, (int)error.StatusCode));
        return error;
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        await Aws.DisposeAsync();
    }

    private T Kept<T>(T client) where T : IDisposable
    {
        clients.Add(client);
        return client;
    }
}
