using CloudRewind.LocalRuntime.Tests.Conformance.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance;

[Collection(ConformanceSuite.Name)]
public sealed class CombinationTests(ConformanceApp app)
{
    public static TheoryData<int, int, int> Orders => new() { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task WhenAll_gives_results_in_the_order_of_the_calls_whatever_the_order_of_completion(int first, int second, int third)
    {
        var gates = Gates();
        var id = await app.Client.StartAsync("AllOf", gates);
        foreach (var gate in new[] { first, second, third })
            await app.Client.OpenAsync(gates[gate]);
        Assert.Equal(gates, ConformanceClient.Output<List<string>>(await app.Client.EndOfAsync(id)));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task WhenAny_gives_the_task_that_is_done_first_and_so_on(int first, int second, int third)
    {
        var gates = Gates();
        var id = await app.Client.StartAsync("EachAsItComes", gates);
        await app.Client.OpenAsync(gates[first]);
        await app.Client.UntilStatusAsync(id, 1);
        await app.Client.OpenAsync(gates[second]);
        await app.Client.UntilStatusAsync(id, 2);
        await app.Client.OpenAsync(gates[third]);
        Assert.Equal([gates[first], gates[second], gates[third]], ConformanceClient.Output<List<string>>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task WhenAll_waits_for_all_even_when_they_fail()
    {
        var gates = Gates();
        var id = await app.Client.StartAsync("AllThatFail", gates);
        foreach (var gate in gates.Reverse())
            await app.Client.OpenAsync(gate);
        Assert.Equal("FailAtGate: 3 of 3", ConformanceClient.Output<string>(await app.Client.EndOfAsync(id)));
    }

    [Fact]
    public async Task Fifty_activities_at_once_all_answer() =>
        Assert.Equal(50 * 51 / 2, await app.Client.OutputOfAsync<int>("FanOut", 50));

    private static string[] Gates() => [.. Enumerable.Range(0, 3).Select(_ => ConformanceClient.NewId("gate"))];
}
