using CloudRewind.LocalRuntime.DevelopmentStorage;
using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Durable;

/// <summary>A store that was killed comes back without what it had not saved, under an app that lives on.</summary>
public sealed class OlderStoreTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("azurite-").FullName;
    private readonly string _saved = Directory.CreateTempSubdirectory("azurite-saved-").FullName;
    private readonly Probe _probe = new();
    private Azurite _azurite = null!;
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _azurite = await TestStorage.StartAsync(_folder);
        _app = await TestApp.StartAsync(new TestApp.Setup { Functions = [typeof(Functions)], Storage = _azurite, Probe = _probe });
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _azurite.DisposeAsync();
        Directory.Delete(_saved, true);
    }

    [Fact]
    public async Task An_instance_that_was_set_back_goes_on_from_there_by_itself()
    {
        await _app.ScheduleAsync("EchoThenEvent", 1, "one");
        await _probe.Gate("1 begun");
        await SaveAsync();
        _probe.Open("1");
        await _app.UntilAsync("one", i => i.SerializedCustomStatus == "\"waits\"");

        await SetBackAsync();

        await Eventually.TrueAsync(() => _probe.Count("1") >= 2);
        await _app.UntilAsync("one", i => i.SerializedCustomStatus == "\"waits\"");
        await _app.Client.RaiseEventAsync("one", "Number", 5);
        Assert.Equal(6, TestApp.Output<int>(await _app.EndOf("one")));
    }

    [Fact]
    public async Task The_result_of_a_call_that_the_store_has_forgotten_is_given_to_no_other_call()
    {
        await BeginWithTwoAfterOneWasForgottenAsync("EventThenEcho");

        _probe.Open("1");
        await _probe.Gate("1 ended");
        _probe.Open("3");
        Assert.Equal(3, await _app.OutputOf<int>("Echoes", 3)); // by then the other result has come as far as it comes
        _probe.Open("2");

        Assert.Equal(2, TestApp.Output<int>(await _app.EndOf("one")));
    }

    [Fact]
    public async Task A_sub_orchestration_that_the_store_has_forgotten_is_started_again()
    {
        await BeginWithTwoAfterOneWasForgottenAsync("EventThenChild");

        _probe.Open("1");
        _probe.Open("2");

        Assert.Equal(2, TestApp.Output<int>(await _app.EndOf("one")));
    }

    private async Task BeginWithTwoAfterOneWasForgottenAsync(string orchestrator)
    {
        await _app.ScheduleAsync(orchestrator, null, "one");
        await _app.UntilAsync("one", i => i.SerializedCustomStatus == "\"waits\"");
        await SaveAsync();
        await _app.Client.RaiseEventAsync("one", "Number", 1);
        await _probe.Gate("1 begun");
        await SetBackAsync();
        await _app.Client.RaiseEventAsync("one", "Number", 2);
        await _probe.Gate("2 begun").WaitAsync(TestApp.Limit);
    }

    private static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "__azurite_db_table*");

    private async Task SaveAsync()
    {
        await _azurite.StopAsync();
        foreach (var file in Files(_folder))
            File.Copy(file, Path.Combine(_saved, Path.GetFileName(file)), true);
        await _azurite.RestartAsync();
    }

    private async Task SetBackAsync()
    {
        _azurite.Kill();
        var asked = _app.Client.GetInstanceAsync("one"); // while it is away, so that the app knows
        foreach (var file in Files(_folder))
            File.Delete(file);
        foreach (var file in Files(_saved))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        await _azurite.RestartAsync();
        await asked;
    }

    private sealed class Functions(Probe probe)
    {
        [Function("EchoThenEvent")]
        public static async Task<int> EchoThenEvent([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var first = await context.CallActivityAsync<int>("Echo", context.GetInput<int>());
            context.SetCustomStatus("waits");
            return first + await context.WaitForExternalEvent<int>("Number");
        }

        [Function("EventThenEcho")]
        public static async Task<int> EventThenEcho([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            context.SetCustomStatus("waits");
            return await context.CallActivityAsync<int>("Echo", await context.WaitForExternalEvent<int>("Number"));
        }

        [Function("EventThenChild")]
        public static async Task<int> EventThenChild([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            context.SetCustomStatus("waits");
            var number = await context.WaitForExternalEvent<int>("Number");
            return await context.CallSubOrchestratorAsync<int>("Echoes", number);
        }

        [Function("Echoes")]
        public static Task<int> Echoes([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>("Echo", context.GetInput<int>());

        /// <summary>Gives a number back once its gate is open.</summary>
        [Function("Echo")]
        public async Task<int> Echo([ActivityTrigger] int number)
        {
            probe.Hit($"{number}");
            probe.Open($"{number} begun");
            await probe.Gate($"{number}");
            probe.Open($"{number} ended");
            return number;
        }
    }
}
