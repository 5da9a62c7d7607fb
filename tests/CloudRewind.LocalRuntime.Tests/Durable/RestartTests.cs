using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class RestartTests
{
    [Fact]
    public async Task After_a_crash_nothing_recorded_runs_again_and_what_was_at_work_runs_anew()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe });
        await app.ScheduleAsync("Steps", null, "one");
        await probe.Gate("slow begun");
        await app.CrashAsync();
        probe.Open("go on");
        await app.StartAsync();
        Assert.Equal("ab", TestApp.Output<string>(await app.EndOf("one")));
        Assert.Equal(1, probe.Count("quick"));
        Assert.Equal(2, probe.Count("slow"));
    }

    [Fact]
    public async Task A_start_that_was_acknowledged_runs_after_a_crash()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => app.ScheduleAsync("FanOut", i)));
        await app.CrashAsync();
        await app.StartAsync();
        foreach (var id in ids)
            Assert.Equal(10, TestApp.Output<int>(await app.EndOf(id)));
    }

    [Fact]
    public async Task Crashes_at_random_moments_lose_nothing()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var random = new Random(20);
        var ids = new List<string>();
        for (var round = 0; round < 6; round++)
        {
            for (var i = 0; i < 5; i++)
            {
                var id = await app.ScheduleAsync("Everything", 3);
                ids.Add(id);
                await app.Client.RaiseEventAsync(id, "Number", 1);
            }

            await Task.Delay(random.Next(150));
            await app.CrashAsync();
            await app.StartAsync();
        }

        foreach (var id in ids)
            Assert.Equal(4 * 4, TestApp.Output<int>(await app.EndOf(id)));
    }

    [Fact]
    public async Task A_stop_in_order_leaves_the_activity_at_work_to_the_next_start()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Probe = probe });
        await app.ScheduleAsync("CallPatient", null, "one");
        await probe.Gate("patient begun");
        await app.StopAsync();
        probe.Open("patient");
        await app.StartAsync();
        Assert.Equal(2, TestApp.Output<int>(await app.EndOf("one")));
    }

    [Fact]
    public async Task Instances_go_on_when_the_store_was_away()
    {
        var folder = Directory.CreateTempSubdirectory("azurite-");
        await using var azurite = await TestStorage.StartAsync(folder.FullName);
        await using var app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Storage = azurite });
        var ids = new List<string>();
        for (var i = 0; i < 10; i++)
            ids.Add(await app.ScheduleAsync("Everything", 3));
        await azurite.StopAsync();
        await Eventually.TrueAsync(() => app.Log.Lines.Any(l => l.Contains("The store does not answer", StringComparison.Ordinal)));
        await azurite.RestartAsync();
        foreach (var id in ids)
        {
            await app.Client.RaiseEventAsync(id, "Number", 1);
            Assert.Equal(4 * 4, TestApp.Output<int>(await app.EndOf(id)));
        }

        Assert.Single(app.Log.Lines, l => l.Contains("The store does not answer", StringComparison.Ordinal));
    }

    private sealed class Functions(Probe probe)
    {
        [Function("Steps")]
        public static async Task<string> Steps([OrchestrationTrigger] TaskOrchestrationContext context) =>
            await context.CallActivityAsync<string>("Quick") + await context.CallActivityAsync<string>("Slow");

        [Function("Quick")]
        public string Quick([ActivityTrigger] object? input)
        {
            probe.Hit("quick");
            return input is null ? "a" : "";
        }

        [Function("Slow")]
        public async Task<string> Slow([ActivityTrigger] object? input)
        {
            probe.Hit("slow");
            probe.Open("slow begun");
            await probe.Gate("go on");
            return input is null ? "b" : "";
        }

        [Function("FanOut")]
        public static async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context) =>
            (await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => context.CallActivityAsync<int>("One")))).Sum();

        [Function("One")]
        public static async Task<int> One([ActivityTrigger] object? input)
        {
            await Task.Yield();
            return input is null ? 1 : 2;
        }

        /// <summary>Rounds of fan-out, timer and sub-orchestration, with continue-as-new between them, and an event in the end.</summary>
        [Function("Everything")]
        public static async Task<int> Everything([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var input = context.GetInput<int>();
            var (left, sum) = (input % 10, input / 10);
            var results = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => context.CallActivityAsync<int>("One")));
            await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
            sum += results.Sum() + await context.CallSubOrchestratorAsync<int>("Sub");
            if (left == 0)
                return sum - 1 + await context.WaitForExternalEvent<int>("Number");
            context.ContinueAsNew((sum * 10) + left - 1);
            return 0;
        }

        [Function("Sub")]
        public static Task<int> Sub([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>("One");

        [Function("CallPatient")]
        public static Task<int> CallPatient([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>("Patient");

        [Function("Patient")]
        public async Task<int> Patient([ActivityTrigger] object? input, CancellationToken cancellation)
        {
            var attempt = probe.Hit("patient");
            probe.Open("patient begun");
            await probe.Gate("patient").WaitAsync(cancellation);
            return input is null ? attempt : 0;
        }
    }
}
