using CloudRewind.LocalRuntime.Tests.Conformance.Support;
using CloudRewind.LocalRuntime.Tests.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class ContinueAsNewTests(ConformanceApp app)
{
    [Fact]
    public async Task The_next_run_has_the_new_input_and_the_output_of_the_last_run_counts()
    {
        var id = ConformanceClient.NewId();
        var end = await app.Client.RunAsync("CountDown", 3, id);
        Assert.Equal(("done", "0"), (ConformanceClient.Output<string>(end), end.Input));
        Assert.Equal(["run 3", "run 2", "run 1", "run 0"], await app.Client.NotesAsync(id));
    }

    [Fact]
    public async Task The_custom_status_is_reset()
    {
        var id = await app.Client.StartAsync("StatusOfTheFirstRun", true);
        await app.Client.UntilAsync(id, i => i is { Input: "false", Status: "Running", CustomStatus: null });
        await app.Client.RaiseAsync(id, "Go");
        Assert.Equal(("Completed", null), await StatusesOf(id));

        async Task<(string, string?)> StatusesOf(string instance)
        {
            var end = await app.Client.EndOfAsync(instance);
            return (end.Status, end.CustomStatus);
        }
    }

    [Fact]
    public async Task Events_that_nobody_waited_for_are_kept()
    {
        var id = await app.Client.StartAsync("KeepEvents", true);
        await app.Client.RaiseAsync(id, "Number", 1);
        await app.Client.RaiseAsync(id, "Number", 2);
        await app.Client.RaiseAsync(id, "Go");
        Assert.Equal([1, 2], ConformanceClient.Output<List<int>>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task Events_that_nobody_waited_for_are_dropped_when_that_is_asked_for()
    {
        var id = await app.Client.StartAsync("DropEvents", true);
        await app.Client.RaiseAsync(id, "Number", 1);
        await app.Client.RaiseAsync(id, "Go");
        await app.Client.UntilAsync(id, i => i is { Input: "false", Status: "Running" });
        await app.Client.RaiseAsync(id, "Number", 2);
        Assert.Equal(2, ConformanceClient.Output<int>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task An_orchestration_that_begins_again_for_ever_can_be_terminated()
    {
        var id = await app.Client.StartAsync("Eternal", "same");
        await Eventually.TrueAsync(async () => (await app.Client.NotesAsync(id)).Count >= 3);
        await app.Client.TerminateAsync(id, "enough");
        var end = await app.Client.EndOfAsync(id);
        Assert.Equal(("Terminated", "\"enough\"", "\"same\""), (end.Status, end.Output, end.Input));
    }

    [Fact]
    public async Task What_an_earlier_run_called_does_not_answer_a_later_one()
    {
        string[] gates = [ConformanceClient.NewId("gate"), ConformanceClient.NewId("gate")];
        var id = await app.Client.StartAsync("NextRunWithOpenActivity", gates);
        await app.Client.UntilBegunAsync(gates[0]);
        await app.Client.RaiseAsync(id, "Go");
        await app.Client.UntilBegunAsync(gates[1]);
        await app.Client.OpenAsync(gates[0]);
        await app.Client.OpenAsync(gates[1]);
        Assert.Equal(gates[1], ConformanceClient.Output<string>(await app.Client.EndOfAsync(id)));
    }
}
