
namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>Two hosts on one storage and one hub share the work; when one is killed, the other takes over.</summary>
public sealed class TwoHostsTests
{
    private const int AtOnce = 10;

    private static readonly string[] Resources = ["sim-ok-a", "sim-slow-b"];
    private static readonly string[] Success = [.. TimelineAssert.Captured, "success"];

    [OwnProcessFact]
    public async Task Both_drive_protections_and_one_that_is_killed_leaves_its_own_to_the_other()
    {
        await using var first = await App.StartAsync();
        await using var second = await first.StartBesideAsync();

        await Eventually.GetAsync(first.Engine.OwnersAsync, owners => owners.Count == 2, "each to hold partitions under a name of its own");
        // Who took a protection's request need not be who drives it, and one that is quick may do all of a few.
        await Eventually.GetAsync(
            async () =>
            {
                await ComeToSuccessAsync(first, await ProtectAsync(first, second));
                return new[] { first, second }.All(app => app.Process.Output.Contains("TransitionRecorder", StringComparison.Ordinal));
            },
            both => both,
            "both to record transitions");

        var cutOff = await ProtectAsync(first, second);
        await Task.WhenAll(cutOff.Select(id => Eventually.GetAsync(() => first.Tables.TransitionsAsync(id), seen => seen.Count > 3, $"{id} to be in progress")));
        await first.Process.KillHostAsync();
        var after = await ProtectAsync(second, second);

        await ComeToSuccessAsync(second, [.. cutOff, .. after]);
    }

    private static async Task<string[]> ProtectAsync(params App[] apps) => await Task.WhenAll(
        Enumerable.Range(0, AtOnce).Select(i => apps[i % apps.Length].NewAssembly().ProtectAsync(Resources)));

    private static Task ComeToSuccessAsync(App app, string[] ids) => Task.WhenAll(ids.Select(async id =>
    {
        await Eventually.GetAsync(
            async () => (await app.Tables.ProtectionAsync(id)).GetString("Status"), status => status is "success" or "partially-protected" or "failed", $"{id} to have its outcome");
        await app.Tables.HasTimelineAsync(id, Success);
        Assert.Equal(Resources, await app.Tables.SnapshotsAsync(id));
    }));
}
