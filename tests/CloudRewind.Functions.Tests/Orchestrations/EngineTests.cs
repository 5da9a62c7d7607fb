using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Tests.Support;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Functions.Tests.Orchestrations;

/// <summary>The orchestrators on the engine itself: what the other tests assume of it holds.</summary>
public sealed class EngineTests
{
    [Fact]
    public async Task A_protection_is_driven_to_its_outcome_and_pruned_when_somebody_asks()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var scene = new ProtectionScene();
        scene.Row = scene.Row with { ExpiresAt = DateTimeOffset.UtcNow.AddDays(30) };
        await using var engine = await InMemoryEngine.StartAsync(scene.Activities());
        await engine.Client.StartLifecycleAsync(scene.Row, Actors.Test, limit.Token);
        await Eventually.GetAsync(() => Task.FromResult(scene.Row.Status), status => status == ProtectionStatus.Success, "success");

        scene.Row = scene.Row with { Prune = Actors.Prune(DateTimeOffset.UtcNow) };
        await engine.Client.WakeAsync(scene.Row, Actors.Test, limit.Token);
        var ended = await engine.Client.WaitForInstanceCompletionAsync(InstanceId.Of(scene.Row.Id), limit.Token);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, ended.RuntimeStatus);
        Assert.Equal(ProtectionStatus.Elapsed, scene.Row.Status);
    }
}
