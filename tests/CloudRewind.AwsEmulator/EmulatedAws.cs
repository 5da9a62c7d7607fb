using System.Collections.Concurrent;
using System.Xml.Linq;
using CloudRewind.AwsEmulator.Ec2;
using CloudRewind.AwsEmulator.Protocol;
using CloudRewind.AwsEmulator.Sts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudRewind.AwsEmulator;

/// <summary>
/// An endpoint of EC2 and STS, as far as capture needs them: it speaks the query protocol, and shows the account's state to the test that set it up.
/// It lives in the test's process, and so survives whatever happens to the app.
/// </summary>
public sealed class EmulatedAws : IAsyncDisposable
{
    public const string Account = "123456789012";

    private readonly Lock gate = new();
    private readonly ConcurrentQueue<Call> calls = [];
    private readonly WebApplication app;
    private readonly TimeProvider time;
    private readonly StsApi sts;
    private readonly Ec2Api ec2;
    private int lastId;

    private EmulatedAws(TimeProvider time)
    {
        this.time = time;
        sts = new StsApi(this, time);
        ec2 = new Ec2Api(this, time);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.MapPost("/", AnswerAsync);
    }

    public Uri Url => new(app.Urls.First());

    public Faults Faults { get; } = new();

    /// <summary>How long a snapshot takes.</summary>
    public TimeSpan SnapshotTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The regions that there are, with whether each is enabled.</summary>
    public Dictionary<string, bool> Regions { get; } = new(StringComparer.Ordinal) { ["eu-central-1"] = true, ["us-east-1"] = true, ["ap-east-1"] = false };

    /// <summary>The instance types with an instance store, and its size in GB.</summary>
    public Dictionary<string, long> InstanceStores { get; } = new(StringComparer.Ordinal) { ["m5d.large"] = 75 };

    public List<EmulatedInstance> Instances { get; } = [];

    public List<EmulatedVolume> Volumes { get; } = [];

    public IReadOnlyList<Call> Calls => [.. calls];

    /// <summary>All snapshots that there are, the earliest first.</summary>
    public IReadOnlyList<EmulatedSnapshot> Snapshots
    {
        get
        {
            lock (gate)
                return [.. ec2.Snapshots];
        }
    }

    public static async Task<EmulatedAws> StartAsync(TimeProvider? time = null)
    {
        var emulator = new EmulatedAws(time ?? TimeProvider.System);
        await emulator.app.StartAsync();
        return emulator;
    }

    /// <summary>A role that may be assumed; one of the same ARN is replaced.</summary>
    public string AddRole(EmulatedRole role)
    {
        lock (gate)
            sts.Roles[role.Arn] = role;
        return role.Arn;
    }

    /// <summary>A role is deleted: it cannot be assumed, and its sessions are not taken.</summary>
    public void RemoveRole(string arn)
    {
        lock (gate)
            sts.Remove(arn);
    }

    public EmulatedInstance AddInstance(
        IEnumerable<int> volumesGiB, Dictionary<string, string>? tags = null, string region = "eu-central-1", string vpcId = "vpc-1", string type = "m5.large")
    {
        lock (gate)
        {
            var instance = new EmulatedInstance(NewId("i"), region, vpcId, type, tags ?? []);
            Instances.Add(instance);
            foreach (var size in volumesGiB)
                Attach(instance, NewVolume(size, [], region, "gp3"));
            return instance;
        }
    }

    public EmulatedVolume AddVolume(int sizeGiB = 8, Dictionary<string, string>? tags = null, string region = "eu-central-1", string type = "gp3")
    {
        lock (gate)
            return NewVolume(sizeGiB, tags ?? [], region, type);
    }

    /// <summary>Attaches a volume, to a second instance too.</summary>
    public void Attach(EmulatedInstance instance, EmulatedVolume volume)
    {
        lock (gate)
        {
            volume.Attachments.Add((instance, EmulatedInstance.DeviceOf(instance.Volumes.Count)));
            instance.Volumes.Add(volume);
        }
    }

    /// <summary>Every session that was given out so far is no longer taken.</summary>
    public void ExpireSessions()
    {
        lock (gate)
            sts.ExpireAll();
    }

    public int Count(string action, string? answer = null) => calls.Count(call => call.Action == action && (answer is null || call.Answer == answer));

    public void ForgetCalls() => calls.Clear();

    public ValueTask DisposeAsync() => app.DisposeAsync();

    internal string NewId(string prefix) => $"{prefix}-{Interlocked.Increment(ref lastId):x17}";

    private EmulatedVolume NewVolume(int size, Dictionary<string, string> tags, string region, string type)
    {
        var volume = new EmulatedVolume(NewId("vol"), region, size, type, tags);
        Volumes.Add(volume);
        return volume;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var request = await QueryRequest.ReadAsync(context.Request);
        var isSts = StsApi.Knows(request.Action);
        var session = NameOfSession(request);
        XElement answer;
        var (code, status, message) = ("ok", 200, "");
        try
        {
            if (Faults.Delay > TimeSpan.Zero)
                await Task.Delay(Faults.Delay, time, context.RequestAborted);
            Faults.Meet(request.Action, isSts);
            lock (gate)
                answer = Faults.EmptyFirstPages && IsFirstPage(request) ? Answers.OfEc2(request.Action, new XElement("nextToken", 0))
                    : isSts ? sts.Answer(request) : ec2.Answer(request, sts.Caller(request));
        }
        catch (AwsError error)
        {
            (code, status, message) = (error.Code, error.Status, error.Message);
            answer = isSts ? Answers.OfSts(error) : Answers.OfEc2(error);
        }

        if (code == "ok" && Faults.LosesReply(request.Action))
            code = "lost";
        calls.Enqueue(new Call(request.Action, request.Region, session, request.Parameters, code, time.GetUtcNow()));
        if (code == "lost")
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = status;
        if (code.Length == 0)
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync($"<html><body><h1>{status} {message}</h1></body></html>");
            return;
        }

        context.Response.ContentType = "text/xml;charset=UTF-8";
        await context.Response.WriteAsync(answer.ToString(SaveOptions.DisableFormatting));
    }

    private static bool IsFirstPage(QueryRequest request) =>
        request.Action.StartsWith("Describe", StringComparison.Ordinal) && request.Action != "DescribeRegions" && request.Numbers("Filter").Any() && request["NextToken"] is null && !request.Flag("DryRun");

    private string NameOfSession(QueryRequest request)
    {
        lock (gate)
            return sts.NameOfSession(request);
    }
}
