using CloudRewind.LocalRuntime.Tests.Support;
using Xunit.Abstractions;

namespace CloudRewind.LocalRuntime.Tests.Crashes;

/// <summary>The app is killed at random moments, its store too, and the network between them is bad.</summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private readonly CrashSettings _settings = CrashSettings.Read();

    [Fact]
    public async Task An_app_that_is_killed_again_and_again_loses_nothing_and_records_nothing_twice()
    {
        await using var azurite = await TestStorage.StartAsync();
        await using var run = new CrashRun(_settings, azurite, azurite.Port, storeForgets: false);
        for (var round = 0; round < _settings.Rounds; round++)
        {
            run.BeginRound(round);
            run.Launch();
            await run.AnyMomentAsync();
            await run.KillAsync();
        }

        await EndAsync(run);
    }

    [Fact]
    public async Task Behind_a_network_that_delays_swallows_and_resets_nothing_is_lost_and_nothing_recorded_twice()
    {
        await using var azurite = await TestStorage.StartAsync();
        await using var proxy = new FaultyProxy(azurite.Port, _settings.Seed);
        await using var run = new CrashRun(_settings, azurite, proxy.Port, storeForgets: false);
        for (var round = 0; round < _settings.Rounds; round++)
        {
            run.BeginRound(round);
            if (!run.App.IsRunning)
                run.Launch();
            await run.AnyMomentAsync();
            if (run.Next(2) == 0)
                await run.KillAsync();
        }

        await EndAsync(run, () => $", {proxy.Figures} of connections", beforeStop: () => proxy.IsFaulty = false);
    }

    [Fact]
    public async Task With_a_store_that_is_killed_too_every_instance_ends_right_once_what_the_store_forgot_was_sent_again()
    {
        await using var azurite = await TestStorage.StartAsync(Directory.CreateTempSubdirectory("azurite-").FullName);
        await using var run = new CrashRun(_settings, azurite, azurite.Port, storeForgets: true);
        var kills = 0;
        for (var round = 0; round < _settings.Rounds; round++)
        {
            run.BeginRound(round);
            if (!run.App.IsRunning)
                run.Launch();
            await run.AnyMomentAsync();
            var (app, store) = (run.Next(3) == 0, run.Next(3) > 0);
            if (store)
            {
                azurite.Kill();
                kills++;
                run.Histories.Forget();
                await run.AnyMomentAsync();
                await azurite.RestartAsync();
            }

            if (app)
                await run.KillAsync();
        }

        await EndAsync(run, () => $" and {kills} of its store");
    }

    private async Task EndAsync(CrashRun run, Func<string>? more = null, Action? beforeStop = null)
    {
        var violations = await run.EndAsync(beforeStop);
        var report = run.Report(violations, more?.Invoke() ?? "");
        output.WriteLine(report);
        Assert.True(violations.Count == 0, report);
    }
}
