using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CloudRewind.LocalRuntime.Tests.Support;

namespace CloudRewind.LocalRuntime.Tests.Conformance.Support;

/// <summary>Talks to the app's HTTP functions.</summary>
internal sealed class ConformanceClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = 2 * TestApp.Limit };

    /// <summary>An instance id, or a gate, that no other test has.</summary>
    public static string NewId(string what = "t") => $"{what}-{Guid.NewGuid():N}";

    /// <summary>Starts an orchestration, under an id that no other test has where none is given.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> StartAsync(string name, object? input = null, string? id = null)
    {
        id ??= NewId(name);
        using var response = await TryStartAsync(name, input, id);
        await ThrowIfRefusedAsync(response);
        return id;
    }

    /// <summary>Starts an orchestration, and answers with what came of that.</summary>
    public Task<HttpResponseMessage> TryStartAsync(string name, object? input, string? id) =>
        _http.PostAsync(Address("start", ("name", name), ("id", id)), Body(input));

    /// <summary>Raises an event; with no payload where that is null.</summary>
    public async Task RaiseAsync(string id, string name, object? payload = null)
    {
        using var response = await TryRaiseAsync(id, name, payload);
        await ThrowIfRefusedAsync(response);
    }

    public Task<HttpResponseMessage> TryRaiseAsync(string id, string name, object? payload = null) =>
        _http.PostAsync(Address("raise", ("id", id), ("event", name)), Body(payload));

    public async Task TerminateAsync(string id, object? output = null)
    {
        using var response = await TryTerminateAsync(id, output);
        await ThrowIfRefusedAsync(response);
    }

    public Task<HttpResponseMessage> TryTerminateAsync(string id, object? output = null) =>
        _http.PostAsync(Address("terminate", ("id", id)), Body(output));

    /// <returns>How many were purged.</returns>
    public async Task<int> PurgeAsync(string id)
    {
        using var response = await TryPurgeAsync(id);
        await ThrowIfRefusedAsync(response);
        return await response.Content.ReadFromJsonAsync<int>();
    }

    public Task<HttpResponseMessage> TryPurgeAsync(string id) => _http.PostAsync(Address("purge", ("id", id)), null);

    /// <summary>The state of an instance, or null where there is none.</summary>
    public async Task<Instance?> FindAsync(string id, bool payloads = true)
    {
        using var response = await _http.GetAsync(Address("state", ("id", id), ("payloads", payloads ? "true" : null)));
        if (response.StatusCode == HttpStatusCode.NotFound)
            return null;
        await ThrowIfRefusedAsync(response);
        return await response.Content.ReadFromJsonAsync<Instance>();
    }

    public async Task<List<Instance>> AllAsync() => (await _http.GetFromJsonAsync<List<Instance>>(Address("all")))!;

    /// <summary>The state of an instance once it has ended.</summary>
    public async Task<Instance> EndOfAsync(string id)
    {
        using var response = await _http.GetAsync(Address("end", ("id", id), ("payloads", "true")));
        await ThrowIfRefusedAsync(response);
        return (await response.Content.ReadFromJsonAsync<Instance>())!;
    }

    /// <summary>The state of an instance once it is as it should be.</summary>
    public async Task<Instance> UntilAsync(string id, Func<Instance, bool> condition)
    {
        Instance? found = null;
        await Eventually.TrueAsync(async () => (found = await FindAsync(id)) is not null && condition(found));
        return found!;
    }

    /// <summary>The state of an instance once it shows this custom status: then it has done all of the step that set it.</summary>
    public Task<Instance> UntilStatusAsync<T>(string id, T status)
    {
        var expected = JsonSerializer.Serialize(status);
        return UntilAsync(id, i => i.CustomStatus == expected);
    }

    public async Task<Instance> RunAsync(string name, object? input = null, string? id = null) => await EndOfAsync(await StartAsync(name, input, id));

    /// <summary>Runs an orchestration that completes, and gives its output.</summary>
    public async Task<T> OutputOfAsync<T>(string name, object? input = null, string? id = null) => Output<T>(await RunAsync(name, input, id));

    /// <summary>The output of an instance that has completed.</summary>
    public static T Output<T>(Instance end)
    {
        Assert.True(end.Status == "Completed", $"{end.Name} is {end.Status}: {end.Output}");
        return JsonSerializer.Deserialize<T>(end.Output ?? "null")!;
    }

    /// <summary>What functions noted, in the order in which they did.</summary>
    public async Task<List<string>> NotesAsync(string about) => (await _http.GetFromJsonAsync<List<string>>(Address("notes", ("about", about))))!;

    /// <summary>Waits until an activity has come to a gate.</summary>
    public Task UntilBegunAsync(string gate) => Eventually.TrueAsync(async () => (await NotesAsync(gate)).Count > 0);

    public async Task OpenAsync(string gate)
    {
        using var response = await _http.PostAsync(Address("open", ("gate", gate)), null);
        await ThrowIfRefusedAsync(response);
    }

    public void Dispose() => _http.Dispose();

    private static Uri Address(string path, params (string Name, string? Value)[] query) => new(
        $"{path}?{string.Join('&', query.Where(q => q.Value is not null).Select(q => $"{q.Name}={Uri.EscapeDataString(q.Value!)}"))}",
        UriKind.Relative);

    private static StringContent? Body(object? value) =>
        value is null ? null : new StringContent(JsonSerializer.Serialize(value), System.Text.Encoding.UTF8, "application/json");

    private static async Task ThrowIfRefusedAsync(HttpResponseMessage response)
    {
        if (!response.IsSuccessStatusCode)
            throw new InvalidOperationException($"{response.RequestMessage!.RequestUri}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }
}
