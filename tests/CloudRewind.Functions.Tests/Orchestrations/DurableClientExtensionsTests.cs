using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Tests.Support;
using Grpc.Core;

namespace CloudRewind.Functions.Tests.Orchestrations;

public sealed class DurableClientExtensionsTests
{
    [Fact]
    public void The_instance_id_is_the_protections_own() =>
        Assert.Equal("t1:demo:7:0:1700000000000", InstanceId.Of(Id("demo")));

    [Theory]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a#b")]
    [InlineData("a?b")]
    [InlineData("a\tb")]
    [InlineData("a\u0085b")]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public void What_the_engine_refuses_is_encoded(string project)
    {
        var instance = InstanceId.Of(Id(project));

        Assert.Matches("^h:[0-9a-f]{64}$", instance);
        Assert.NotEqual(instance, InstanceId.Of(Id($"{project}2")));
    }

    [Fact]
    public async Task One_that_runs_already_is_what_a_start_wanted()
    {
        var engine = new RefusingEngine(StatusCode.AlreadyExists);

        await engine.Client.WakeOrStartAsync(Protection, Actors.Test, CancellationToken.None);

        Assert.Equal(LifecycleOrchestrator.Name, engine.Started!.Name);
        Assert.Equal((InstanceId.Of(Id("demo")), LifecycleOrchestrator.WakeEvent, "\"test\""), (engine.Raised!.InstanceId, engine.Raised.Name, engine.Raised.Input));
    }

    [Fact]
    public async Task One_that_cannot_be_started_is_no_secret()
    {
        var engine = new RefusingEngine(StatusCode.Internal);

        await Assert.ThrowsAsync<RpcException>(() => engine.Client.StartLifecycleAsync(Protection, Actors.Test, CancellationToken.None));
    }

    [Theory]
    [InlineData(StatusCode.Internal, 1)]
    [InlineData(StatusCode.AlreadyExists, 0)]
    public async Task What_a_request_cannot_start_is_left_to_the_watchdog_and_said(StatusCode status, int warnings)
    {
        var log = new CollectedLog<DurableClientExtensionsTests>();

        await new RefusingEngine(status).Client.StartLifecycleAsync(Protection, Actors.Test, CancellationToken.None)
            .OrLeaveToWatchdogAsync(Id("demo"), Actors.Test, log, CancellationToken.None);

        Assert.Equal(warnings, log.Lines.Count(line => line.Contains("the watchdog will do it", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_request_that_is_cancelled_leaves_nothing_behind_silently()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.FromCanceled(cancelled.Token)
            .OrLeaveToWatchdogAsync(Id("demo"), Actors.Test, new CollectedLog<DurableClientExtensionsTests>(), cancelled.Token));
    }

    [Fact]
    public void Each_generation_has_an_instance_of_its_own()
    {
        Assert.Equal("t1:demo:7:0:1700000000000~1", InstanceId.Of(Protection with { Generation = 1 }));
        Assert.Equal("delete:1:demo:7~2", InstanceId.Of(new AssemblyKey(1, "demo", 7), 2));
        Assert.NotEqual(InstanceId.Of(Id("a/b"), 1), InstanceId.Of(Id("a/b"), 2));
    }

    [Fact]
    public async Task An_engine_that_does_not_answer_is_not_waited_for()
    {
        var engine = new RecordedOrchestrations { IsSilent = true };
        var log = new CollectedLog<DurableClientExtensionsTests>();

        await engine.WakeOrStartAsync(Protection, Actors.Test, CancellationToken.None).OrLeaveToWatchdogAsync(Protection.Id, Actors.Test, log, CancellationToken.None);
        await Assert.ThrowsAsync<TimeoutException>(() => engine.StartDeletionAsync(Protection.Id.Assembly, 0, Actors.Test, CancellationToken.None));
        await Assert.ThrowsAsync<TimeoutException>(() => engine.FindAsync("any", CancellationToken.None));

        Assert.Contains(log.Lines, line => line.Contains("the watchdog will do it", StringComparison.Ordinal));
    }

    private static Protection Protection { get; } = new()
    {
        Id = Id("demo"),
        Name = "Demo",
        Status = ProtectionStatus.Created,
        Sequence = 0,
        CreatedAt = default,
        UpdatedAt = default,
        ExpiresAt = null,
        Counts = ResourceCounts.None,
    };

    private static ProtectionId Id(string project) => new(new AssemblyKey(1, project, 7), 0, 1_700_000_000_000);
}
