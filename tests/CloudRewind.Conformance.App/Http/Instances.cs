using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.Conformance.Http;

/// <summary>The durable client, over HTTP. Names and ids come in the query, where every character can be said.</summary>
public static class Instances
{
    /// <summary>Starts <c>name</c> as <c>id</c>, with the body as its input.</summary>
    [Function("Start")]
    public static async Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        var options = new StartOrchestrationOptions(InstanceId: Optional(request, "id"));
        var id = await client.ScheduleNewOrchestrationInstanceAsync(Required(request, "name"), await BodyOf(request, cancellation), options, cancellation);
        return Results.Ok(id);
    }

    /// <summary>Raises <c>event</c>, with the body as its payload.</summary>
    [Function("Raise")]
    public static async Task<IResult> Raise(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "raise")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        await client.RaiseEventAsync(Required(request, "id"), Required(request, "event"), await BodyOf(request, cancellation), cancellation);
        return Results.Ok();
    }

    /// <summary>Terminates, with the body as the output.</summary>
    [Function("Terminate")]
    public static async Task<IResult> Terminate(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "terminate")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        await client.TerminateInstanceAsync(Required(request, "id"), await BodyOf(request, cancellation), cancellation);
        return Results.Ok();
    }

    /// <summary>Purges, and says how many instances that were.</summary>
    [Function("Purge")]
    public static async Task<IResult> Purge(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "purge")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        var purged = await client.PurgeInstanceAsync(Required(request, "id"), cancellation);
        return Results.Ok(purged.PurgedInstanceCount);
    }

    /// <summary>The state of an instance, with <c>payloads</c> or without; 404 where there is none.</summary>
    [Function("State")]
    public static async Task<IResult> State(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "state")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        var payloads = Optional(request, "payloads") == "true";
        return await client.GetInstanceAsync(Required(request, "id"), getInputsAndOutputs: payloads, cancellation) is { } instance
            ? Results.Ok(InstanceView.Of(instance))
            : Results.NotFound();
    }

    /// <summary>The state of an instance once it has ended.</summary>
    [Function("End")]
    public static async Task<IResult> End(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "end")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellation)
    {
        await client.WaitForInstanceCompletionAsync(Required(request, "id"), cancellation);
        return await State(request, client, cancellation);
    }

    /// <summary>All instances, without payloads.</summary>
    [Function("All")]
    public static async Task<IResult> All(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "all")] HttpRequest request,
        [DurableClient] DurableTaskClient client)
    {
        _ = request;
        var instances = new List<InstanceView>();
        await foreach (var instance in client.GetAllInstancesAsync(new OrchestrationQuery()))
            instances.Add(InstanceView.Of(instance));
        return Results.Ok(instances);
    }

    private static string Required(HttpRequest request, string name) =>
        Optional(request, name) ?? throw new ArgumentException($"The query lacks '{name}'.", name);

    private static string? Optional(HttpRequest request, string name) =>
        request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    private static async Task<object?> BodyOf(HttpRequest request, CancellationToken cancellation)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync(cancellation);
        return body.Length == 0 ? null : JsonSerializer.Deserialize<JsonElement>(body);
    }
}
