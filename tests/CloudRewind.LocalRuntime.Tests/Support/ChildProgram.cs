using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.LocalRuntime.Tests.Support;

/// <summary>An app in a process of its own.</summary>
internal static class ChildProgram
{
    /// <param name="args">The folder with host.json.</param>
    public static void Main(string[] args)
    {
        var builder = new FunctionsApplicationBuilder(new LocalRuntimeOptions
        {
            App = typeof(ChildProgram).Assembly,
            FunctionTypes = [typeof(Functions)],
            BaseDirectory = args[0],
        });
        builder.ConfigureFunctionsWebApplication();
        builder.Build().Run();
    }

    private static class Functions
    {
        [Function("Start")]
        public static async Task<IResult> Start(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "{name}/{id}")] HttpRequest request,
            string name,
            string id,
            [DurableClient] DurableTaskClient client)
        {
            await client.ScheduleNewOrchestrationInstanceAsync(name, request.Method, new StartOrchestrationOptions(id));
            return Results.Ok();
        }

        [Function("Raise")]
        public static async Task<IResult> Raise(
            [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "{id}/{number}")] HttpRequest request,
            string id,
            string number,
            [DurableClient] DurableTaskClient client)
        {
            await client.RaiseEventAsync(id, "Number", $"{number} {request.Method}");
            return Results.Ok();
        }

        [Function("Output")]
        public static async Task<IResult> Output(
            [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "{id}")] HttpRequest request,
            string id,
            [DurableClient] DurableTaskClient client,
            CancellationToken cancellation)
        {
            var end = await client.WaitForInstanceCompletionAsync(id, true, cancellation);
            return Results.Text($"{end.RuntimeStatus} {end.SerializedOutput}{request.QueryString}");
        }

        [Function("Sums")]
        public static async Task<string> Sums([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            var sum = 0;
            for (var round = 0; round < 5; round++)
            {
                sum += (await Task.WhenAll(Enumerable.Range(0, 5).Select(i => context.CallActivityAsync<int>("Same", i)))).Sum();
                await context.CreateTimer(TimeSpan.FromMilliseconds(100), CancellationToken.None);
            }

            var events = $"{await context.WaitForExternalEvent<string>("number")}, {await context.WaitForExternalEvent<string>("number")}";
            return $"{sum}: {events}";
        }

        [Function("Same")]
        public static int Same([ActivityTrigger] int number) => number;

        [Function("Long")]
        public static Task<int> Long([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<int>("Deaf");

        [Function("Deaf")]
        public static async Task<int> Deaf([ActivityTrigger] object? input)
        {
            await Task.Delay(TimeSpan.FromMinutes(1), CancellationToken.None);
            return input is null ? 1 : 2;
        }
    }
}
