using CloudRewind.Domain.Capture;
using CloudRewind.Domain.Protections;
using CloudRewind.Functions.Orchestrations;
using CloudRewind.Functions.Orchestrations.AssemblyDeletion;
using CloudRewind.Functions.Settings;
using CloudRewind.Functions.Tests.Support;

namespace CloudRewind.Functions.Tests.Replay;

/// <summary>Records what <see cref="ReplayTests"/> replays, once for each release whose orchestrators decide otherwise than the last one's.</summary>
public sealed class RequestRecorder
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(4);

    [RecordFact]
    public Task A_protection_that_is_captured_and_elapses() => RecordAsync("captured", new ProtectionScene(), Short, scene =>
    {
        scene.Rounds.Clear();
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 0, 0));
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 1, 0, started: false));
        scene.Rounds.Enqueue(ProtectionScene.Round(2, 1, 1));
    });

    [RecordFact]
    public Task One_whose_resources_are_found_at_the_second_attempt_and_cannot_be_removed_at_the_first() => RecordAsync("kept", new ProtectionScene(), Short, scene =>
    {
        scene.Provider.Discoveries.Clear();
        scene.Provider.Discoveries.Enqueue(ScriptedProvider.Wrong(new IOException("throttled")));
        scene.Provider.Discoveries.Enqueue(ScriptedProvider.Found(2));
        scene.Removals.Clear();
        scene.Removals.Enqueue(ProtectionScene.Removal(1, untried: 1));
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
        scene.Removals.Enqueue(ProtectionScene.Removal(0));
    });

    [RecordFact]
    public Task One_with_nothing_to_protect() => RecordAsync("skipped", new ProtectionScene(), TimeSpan.Zero, scene =>
    {
        scene.Provider.Discoveries.Clear();
        scene.Provider.Discoveries.Enqueue(ScriptedProvider.Found(0));
    });

    [RecordFact]
    public Task One_without_a_connection() =>
        RecordAsync("failed", new ProtectionScene(), TimeSpan.Zero, scene => scene.Provider.ConnectionChecks.Enqueue(new CaptureRefusedException("The role cannot be assumed.")));

    [RecordFact]
    public Task One_that_is_to_be_pruned_early() => RecordAsync("pruned-early", new ProtectionScene(), TimeSpan.FromDays(30), _ => { }, async (scene, engine) =>
    {
        await Eventually.GetAsync(() => Task.FromResult(scene.Row.Status), status => status == ProtectionStatus.Success, "success");
        scene.Row = scene.Row with { Prune = Actors.Prune(DateTimeOffset.UtcNow) };
        await engine.Client.WakeAsync(scene.Row, Actors.Test, CancellationToken.None);
    });

    [RecordFact]
    public async Task A_deletion()
    {
        var left = 2;
        var activities = new Dictionary<string, Func<string, object?>>
        {
            [nameof(BeginDeletion)] = _ => true,
            [nameof(PruneBatch)] = input => ProtectionScene.Read<DeletionBatch>(input).Range is { ToMilliseconds: long.MaxValue }
                ? new DeletionBatchResult(1, new CreationRange(8, 9), new CreationRange(0, 7))
                : new DeletionBatchResult(--left, left == 0 ? null : new CreationRange(2, 3), null),
            [nameof(FinishDeletion)] = _ => null,
        };
        var assembly = new ProtectionScene().Row.Id.Assembly;
        var tap = new RequestTap();
        await using var engine = await InMemoryEngine.StartAsync(activities, tap);
        await engine.Client.StartDeletionAsync(assembly, 0, Actors.Test, CancellationToken.None);
        await engine.Client.WaitForInstanceCompletionAsync(InstanceId.Of(assembly), CancellationToken.None);
        Write("deletion", tap);
    }

    private static async Task RecordAsync(
        string name, ProtectionScene scene, TimeSpan retention, Action<ProtectionScene> script, Func<ProtectionScene, InMemoryEngine, Task>? interfere = null)
    {
        scene.Polling = new PollingOptions(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        scene.Row = scene.Row with { ExpiresAt = DateTimeOffset.UtcNow + retention };
        script(scene);
        var tap = new RequestTap();
        await using var engine = await InMemoryEngine.StartAsync(scene.Activities(), tap);
        await engine.Client.StartLifecycleAsync(scene.Row, Actors.Test, CancellationToken.None);
        if (interfere is not null)
            await interfere(scene, engine);
        await engine.Client.WaitForInstanceCompletionAsync(InstanceId.Of(scene.Row.Id), CancellationToken.None);
        Assert.Equal(ProtectionStatus.Elapsed, scene.Row.Status);
        Write(name, tap);
    }

    private static void Write(string name, RequestTap tap)
    {
        Directory.CreateDirectory(RecordedRequest.Folder);
        var version = Environment.GetEnvironmentVariable(RecordFactAttribute.Variable);
        for (var history = 0; history < tap.Histories.Count; history++)
            tap.Histories[history].Write($"{version}-{name}-{history + 1}.json");
    }
}
