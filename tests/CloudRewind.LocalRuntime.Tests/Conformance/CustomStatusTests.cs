using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class CustomStatusTests(ConformanceApp app)
{
    [Fact]
    public async Task It_shows_while_the_orchestration_waits_and_the_last_one_stays()
    {
        var id = await app.Client.StartAsync("TwoStatuses");
        await app.Client.UntilAsync(id, i => i is { Status: "Running", CustomStatus: """{"Step":"waits"}""" });
        await app.Client.RaiseAsync(id, "Go", 4);
        var end = await app.Client.EndOfAsync(id);
        Assert.Equal((4, "\"ends\""), (ConformanceClient.Output<int>(end), end.CustomStatus));
    }

    [Fact]
    public async Task It_can_be_taken_back()
    {
        var id = await app.Client.StartAsync("StatusTakenBack");
        await app.Client.UntilStatusAsync(id, "waits");
        await app.Client.RaiseAsync(id, "Go", 1);
        var end = await app.Client.EndOfAsync(id);
        Assert.Equal(("Completed", null), (end.Status, end.CustomStatus));
    }
}
