using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class ActivityTests
{
    [Fact]
    public async Task A_fan_out_of_more_than_may_be_at_work_at_once_gives_every_result_in_order()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        Assert.Equal(11_175, await app.OutputOf<int>("FanOut", 150));
    }

    [Fact]
    public async Task A_payload_of_3_MB_takes_several_rows()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var text = new string('ü', 250_000);
        Assert.Equal(text + text, await app.OutputOf<string>("Twice", text));
    }

    private static class Functions
    {
        [Function("FanOut")]
        public static async Task<int> FanOut([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var calls = Enumerable.Range(0, context.GetInput<int>()).Select(i => context.CallActivityAsync<int>("Echo", i)).ToList();
            var results = await Task.WhenAll(calls);
            Assert.Equal(Enumerable.Range(0, results.Length), results);
            return results.Sum();
        }

        [Function("Echo")]
        public static async Task<int> Echo([ActivityTrigger] int number)
        {
            await Task.Yield();
            return number;
        }

        [Function("Twice")]
        public static Task<string> Twice([OrchestrationTrigger] TaskOrchestrationContext context) =>
            context.CallActivityAsync<string>("Double", context.GetInput<string>());

        [Function("Double")]
        public static string Double([ActivityTrigger] string text) => text + text;
    }
}
