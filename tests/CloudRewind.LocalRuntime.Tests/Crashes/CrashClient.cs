using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CloudRewind.LocalRuntime.Workload;

namespace CloudRewind.LocalRuntime.Tests.Crashes;

/// <summary>
/// The client of an app that dies all the time. It repeats what was not answered, as a client has to; and where the store
/// itself may forget what it had acknowledged, it looks, and sends again what is not there.
/// </summary>
internal sealed class CrashClient(Uri baseAddress, bool storeForgets) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan ResendAfter = TimeSpan.FromSeconds(3);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new() { BaseAddress = baseAddress, Timeout = TimeSpan.FromSeconds(40) };
    private readonly SemaphoreSlim _atOnce = new(16);
    private readonly ConcurrentDictionary<(string Id, int Number), int> _sent = [];

    /// <summary>What has come in the plan so far.</summary>
    public int Round { get; set; }

    /// <summary>The views of instances that have ended.</summary>
    public ConcurrentDictionary<string, InstanceView> Ended { get; } = [];

    public int Requests { get; private set; }

    /// <summary>How often an event was sent; it may have come that often, and not more.</summary>
    public int SentOf(string id, int number) => _sent.GetValueOrDefault((id, number));

    /// <summary>Starts an instance and raises its events, each when its round has come. Returns once all is acknowledged.</summary>
    public async Task DriveAsync(string id, int[] rounds)
    {
        await RoundAsync(rounds[0]);
        await StartAsync(id);
        for (var number = 1; number < rounds.Length; number++)
        {
            await RoundAsync(rounds[number]);
            while (!await RaiseAsync(id, number))
            {
                var (status, view) = await ReadAsync(id);
                // What was not acknowledged may have come all the same.
                if (IsEnd(view))
                    return;
                if (storeForgets && status == HttpStatusCode.NotFound)
                    await StartAsync(id);
                await Task.Delay(Pause);
            }
        }
    }

    /// <summary>Waits until all have ended. Returns those that have not when nothing has moved for long.</summary>
    public async Task<IReadOnlyCollection<string>> WaitAsync(IReadOnlyCollection<string> ids, int events)
    {
        var (seen, moved) = (-1, Environment.TickCount64);
        var looked = new ConcurrentDictionary<string, long>();
        while (Ended.Count < ids.Count && Environment.TickCount64 - moved < StallLimit.TotalMilliseconds)
        {
            await Task.Delay(Pause);
            await Task.WhenAll(ids.Where(id => !Ended.ContainsKey(id)).Select(id => LookAsync(id, events, looked)));
            if (Ended.Count != seen)
                (seen, moved) = (Ended.Count, Environment.TickCount64);
        }

        return [.. ids.Where(id => !Ended.ContainsKey(id))];
    }

    public void Dispose()
    {
        _http.Dispose();
        _atOnce.Dispose();
    }

    private async Task LookAsync(string id, int events, ConcurrentDictionary<string, long> looked)
    {
        var (status, view) = await ReadAsync(id);
        if (IsEnd(view))
            Ended[id] = view!;
        else if (storeForgets && Environment.TickCount64 - looked.GetOrAdd(id, _ => Environment.TickCount64) > ResendAfter.TotalMilliseconds)
        {
            looked[id] = Environment.TickCount64;
            if (status == HttpStatusCode.NotFound)
                await StartAsync(id);
            var received = view?.CustomStatus?.Deserialize<int[]>() ?? [];
            foreach (var number in Enumerable.Range(1, events).Except(received))
                await RaiseAsync(id, number);
        }
    }

    private static bool IsEnd(InstanceView? view) => view is { Status: not ("Pending" or "Running") };

    private async Task RoundAsync(int round)
    {
        while (Round < round)
            await Task.Delay(Pause);
    }

    private async Task StartAsync(string id)
    {
        while (await SendAsync(HttpMethod.Post, $"instances/Work/{id}") is not (HttpStatusCode.OK or HttpStatusCode.Conflict, _))
            await Task.Delay(Pause);
    }

    private async Task<bool> RaiseAsync(string id, int number)
    {
        _sent.AddOrUpdate((id, number), 1, (_, count) => count + 1);
        return await SendAsync(HttpMethod.Put, $"instances/{id}/numbers/{number}") is (HttpStatusCode.OK, _);
    }

    private Task<(HttpStatusCode Status, InstanceView? View)> ReadAsync(string id) => SendAsync(HttpMethod.Get, $"instances/{id}");

    private async Task<(HttpStatusCode Status, InstanceView? View)> SendAsync(HttpMethod method, string path)
    {
        await _atOnce.WaitAsync();
        try
        {
            Requests++;
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request);
            var view = method == HttpMethod.Get && response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<InstanceView>(Json) : null;
            return (response.StatusCode, view);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // The app is not there, or has just gone.
            return (HttpStatusCode.ServiceUnavailable, null);
        }
        finally
        {
            _atOnce.Release();
        }
    }
}
