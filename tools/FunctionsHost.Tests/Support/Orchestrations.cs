using System.Net;
using System.Net.Http.Json;
using CloudRewind.TestSupport;

namespace CloudRewind.FunctionsHost.Tests.Support;

/// <summary>The engine's client, as the probe uses it.</summary>
internal sealed class Orchestrations(HostProgram host)
{
    /// <summary>Schedules one.</summary>
    public async Task ScheduleAsync(string name, string id) =>
        (await host.Client.PutAsync($"api/orchestrations/{name}/{id}", null)).EnsureSuccessStatusCode();

    /// <summary>Raises an event.</summary>
    public async Task RaiseAsync(string id, string name, string payload) =>
        (await host.Client.PostAsync($"api/instances/{id}/events/{name}", new StringContent(payload))).EnsureSuccessStatusCode();

    /// <summary>Waits until one has begun to run.</summary>
    public Task UntilRunningAsync(string id) => UntilAsync(id, instance => instance.Status == "Running", "its run");

    /// <summary>Waits until one has ended.</summary>
    public Task<Instance> UntilEndedAsync(string id) =>
        UntilAsync(id, instance => instance.Status is "Completed" or "Failed" or "Terminated", "its end");

    /// <summary>Waits until one is so far.</summary>
    public Task<Instance> UntilAsync(string id, Func<Instance, bool> isIt, string what) =>
        Eventually.GetAsync(() => LookAsync(id), isIt, $"{what} ({id})");

    private async Task<Instance> LookAsync(string id)
    {
        using var answer = await host.Client.GetAsync($"api/instances/{id}");
        return answer.StatusCode == HttpStatusCode.OK
            ? (await answer.Content.ReadFromJsonAsync<Instance>())!
            : new Instance(answer.StatusCode.ToString(), null, null, null, default, default);
    }

    /// <summary>What the engine knows of one.</summary>
    internal sealed record Instance(
        string Status, string? Output, string? CustomStatus, string? Failure, DateTimeOffset Created, DateTimeOffset Updated);
}
