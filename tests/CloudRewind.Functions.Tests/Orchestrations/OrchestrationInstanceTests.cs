using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.ProtectionLifecycle;
using CloudRewind.Functions.Tests.Support;
using Grpc.Core;

namespace CloudRewind.Functions.Tests.Orchestrations;

public sealed class OrchestrationInstanceTests
{
    [Fact]
    public void The_instance_id_is_the_protections_own() =>
        Assert.Equal("t1:demo:7:0:1700000000000", OrchestrationInstance.IdOf(Id("demo")));

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
        var instance = OrchestrationInstance.IdOf(Id(project));

        Assert.Matches("^h:[0-9a-f]{64}$", instance);
        Assert.NotEqual(instance, OrchestrationInstance.IdOf(Id($"{project}2")));
    }

    [Fact]
    public async Task One_that_runs_already_is_what_a_start_wanted()
    {
        var engine = new RefusingEngine(StatusCode.AlreadyExists);

        await engine.Client.PruneNowAsync(Id("demo"), "test", CancellationToken.None);

        Assert.Equal(LifecycleOrchestrator.Name, engine.Started!.Name);
        Assert.Equal((OrchestrationInstance.IdOf(Id("demo")), LifecycleOrchestrator.PruneEvent, "\"test\""), (engine.Raised!.InstanceId, engine.Raised.Name, engine.Raised.Input));
    }

    [Fact]
    public async Task One_that_cannot_be_started_is_no_secret()
    {
        var engine = new RefusingEngine(StatusCode.Internal);

        await Assert.ThrowsAsync<RpcException>(() => engine.Client.StartLifecycleAsync(Id("demo"), "test", CancellationToken.None));
    }

    private static ProtectionId Id(string project) => new(new AssemblyKey(1, project, 7), 0, 1_700_000_000_000);
}
