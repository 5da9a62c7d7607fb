using CloudRewind.LocalRuntime.Tests.Support;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.LocalRuntime.Tests.Durable;

public sealed class ReplayTests
{
    [Fact]
    public async Task An_orchestrator_that_does_something_else_on_replay_fails_and_says_where()
    {
        Functions.Calls = 0;
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var end = await app.RunAsync("Fickle");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("DurableTask.Core.Exceptions.NonDeterministicOrchestrationException", end.FailureDetails!.ErrorType);
        Assert.Contains(
            "In turn 1 its history holds #0 a call of the activity 'One', and its code now makes #0 a timer", end.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_orchestrator_that_awaits_something_foreign_fails_and_does_not_hang()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var end = await app.RunAsync("Foreign");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("awaits something other than the tasks of its context", end.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_cannot_be_written_fails_the_instance()
    {
        await using var app = await TestApp.StartAsync(typeof(Functions));
        var end = await app.RunAsync("Endless");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.StartsWith("System.Text.Json.JsonException: ", end.SerializedOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_middleware_that_throws_at_once_fails_the_instance()
    {
        await using var app = await TestApp.StartAsync(new TestApp.Setup
        {
            Functions = [typeof(Functions)],
            Configure = builder => builder.UseMiddleware<Throwing>(),
        });
        var end = await app.RunAsync("TwoSteps");
        Assert.Equal("System.InvalidOperationException: at once", end.SerializedOutput);
    }

    [Fact]
    public async Task Middleware_runs_around_orchestrators_and_activities()
    {
        var probe = new Probe();
        await using var app = await TestApp.StartAsync(new TestApp.Setup
        {
            Functions = [typeof(Functions)],
            Probe = probe,
            Configure = builder => builder.UseMiddleware<Counting>(),
        });
        await app.RunAsync("TwoSteps");
        Assert.Equal(1, probe.Count("One"));
        Assert.True(probe.Count("TwoSteps") >= 2);
        Assert.Equal(0, probe.Count("http"));
    }

    private sealed class Counting(Probe probe) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            probe.Hit(context.FunctionDefinition.Name);
            if (context.GetHttpContext() is not null)
                probe.Hit("http");
            await next(context);
        }
    }

    private sealed class Throwing : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next) => throw new InvalidOperationException("at once");
    }

    private sealed class Ring
    {
        public Ring Next => this;
    }

    private static class Functions
    {
        public static int Calls;

        [Function("One")]
        public static int One([ActivityTrigger] object? input) => input is null ? 1 : 2;

        [Function("TwoSteps")]
        public static async Task TwoSteps([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync<int>("One");
            await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
        }

        [Function("Endless")]
        public static Task<Ring> Endless([OrchestrationTrigger] TaskOrchestrationContext context) =>
            Task.FromResult(context.IsReplaying ? null! : new Ring());

        [Function("Fickle")]
        public static async Task Fickle([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            if (Interlocked.Increment(ref Calls) == 1)
                await context.CallActivityAsync("One");
            else
                await context.CreateTimer(TimeSpan.FromDays(1), CancellationToken.None);
        }

        [Function("Foreign")]
        public static async Task Foreign([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
            await context.CallActivityAsync("One");
        }
    }
}
