using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CloudRewind.FunctionsHost.Probe;

/// <summary>Lets a test use the engine's client, as an app does.</summary>
public static class OrchestrationRequests
{
    /// <summary>Schedules an orchestration; answers with its id, or with 409 and the exception's type.</summary>
    [Function(nameof(Schedule))]
    public static async Task<IActionResult> Schedule(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "orchestrations/{name}/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string name,
        string id)
    {
        try
        {
            return new OkObjectResult(
                await client.ScheduleNewOrchestrationInstanceAsync(name, input: id, new StartOrchestrationOptions(id)));
        }
        catch (Exception error)
        {
            return new ConflictObjectResult($"{error.GetType().FullName}: {error.Message}");
        }
    }

    /// <summary>Raises an event; the body is its payload.</summary>
    [Function(nameof(Raise))]
    public static async Task<IActionResult> Raise(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "instances/{id}/events/{name}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        string name)
    {
        using var body = new StreamReader(request.Body);
        await client.RaiseEventAsync(id, name, await body.ReadToEndAsync());
        return new NoContentResult();
    }

    /// <summary>What the engine knows of an orchestration.</summary>
    [Function(nameof(Look))]
    public static async Task<IActionResult> Look(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "instances/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id)
    {
        var instance = await client.GetInstanceAsync(id, getInputsAndOutputs: true);
        return instance is null
            ? new NotFoundResult()
            : new OkObjectResult(new
            {
                Status = instance.RuntimeStatus.ToString(),
                Output = instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed, SerializedOutput: { } output }
                    ? JsonSerializer.Deserialize<string>(output)
                    : instance.SerializedOutput,
                CustomStatus = instance.SerializedCustomStatus is { } status ? JsonSerializer.Deserialize<string>(status) : null,
                Failure = instance.FailureDetails?.ErrorMessage,
                Created = instance.CreatedAt,
                Updated = instance.LastUpdatedAt,
            });
    }
}
