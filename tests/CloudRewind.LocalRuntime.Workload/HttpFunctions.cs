using System.Text.Json;
using DurableTask.Core.Exceptions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;

namespace CloudRewind.LocalRuntime.Workload;

/// <summary>An instance as a client sees it.</summary>
public sealed record InstanceView(string Status, JsonElement? Output, JsonElement? CustomStatus);

/// <summary>Starts instances, raises events and reads results.</summary>
public sealed class HttpFunctions(Journal journal, IHostApplicationLifetime lifetime)
{
    /// <summary>What is noted when <see cref="Linger"/> has begun.</summary>
    public const string Lingers = "lingers";

    /// <summary>What <see cref="Linger"/> answers.</summary>
    public const string Lingered = "answered while stopping";

    /// <summary>200 when it was started, 409 when it runs.</summary>
    [Function("Start")]
    public static async Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "instances/{name}/{id}")] HttpRequest request,
        string name,
        string id,
        [DurableClient] DurableTaskClient client)
    {
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(name, WorkState.Begin, new StartOrchestrationOptions(id), request.HttpContext.RequestAborted);
            return Results.Ok();
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return Results.Conflict();
        }
    }

    /// <summary>200 when the event is stored; whatever else happens is an exception, and so a 500.</summary>
    [Function("Raise")]
    public static async Task<IResult> Raise(
        [HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "instances/{id}/numbers/{number}")] HttpRequest request,
        string id,
        string number,
        [DurableClient] DurableTaskClient client)
    {
        await client.RaiseEventAsync(id, "Number", JsonSerializer.Deserialize<int>(number), request.HttpContext.RequestAborted);
        return Results.Ok();
    }

    /// <summary>An <see cref="InstanceView"/>, or 404.</summary>
    [Function("Read")]
    public static async Task<IResult> Read(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "instances/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client)
    {
        var found = await client.GetInstanceAsync(id, getInputsAndOutputs: true, request.HttpContext.RequestAborted);
        return found is null
            ? Results.NotFound()
            : Results.Ok(new InstanceView(found.RuntimeStatus.ToString(), JsonOf(found.SerializedOutput), JsonOf(found.SerializedCustomStatus)));
    }

    /// <summary>Answers only once the app has been asked to stop.</summary>
    [Function("Linger")]
    public async Task<IResult> Linger([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "linger")] HttpRequest request)
    {
        journal.Note(Lingers, request.Method);
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = lifetime.ApplicationStopping.Register(stopping.SetResult);
        await stopping.Task;
        // Long enough for a server that does not wait for requests to be gone.
        await Task.Delay(TimeSpan.FromMilliseconds(500));
        return Results.Text(Lingered);
    }

    // A failure's output is a text, not JSON.
    private static JsonElement? JsonOf(string? text)
    {
        if (text is null)
            return null;
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(text);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(text);
        }
    }
}
