using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CloudRewind.LocalRuntime.Workload;

namespace CloudRewind.LocalRuntime.Bounds;

/// <summary>Starts, raises and reads over HTTP, some at once.</summary>
internal sealed class AppClient(Uri baseAddress) : IDisposable
{
    private const int AtOnce = 32;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(5);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly HttpClient _http = new() { BaseAddress = baseAddress, Timeout = TimeSpan.FromMinutes(2) };

    public async Task StartAsync(string name, IEnumerable<string> ids) =>
        await Parallel.ForEachAsync(ids, Limit, async (id, token) =>
        {
            using var response = await _http.PostAsync(new Uri($"instances/{name}/{id}", UriKind.Relative), null, token);
            response.EnsureSuccessStatusCode();
        });

    public async Task RaiseAsync(string id, int number)
    {
        using var response = await _http.PutAsync(new Uri($"instances/{id}/numbers/{number}", UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>Waits until all have ended, and returns how many of them have the right output.</summary>
    /// <exception cref="TimeoutException">Nothing has moved for long.</exception>
    public async Task<int> WaitForAsync(IEnumerable<string> ids, int output)
    {
        var (right, open) = (0, ids.ToList());
        for (var moved = Stopwatch.GetTimestamp(); open.Count > 0; await Task.Delay(Pause))
        {
            // In the order in which they were started: while the first one runs, asking for the others would only be in the way.
            var view = await ReadAsync(open[0]);
            if (view?.Status is "Completed" or "Failed" or "Terminated")
            {
                right += await CountAsync([.. open], output, open);
                moved = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(moved) > StallLimit)
            {
                throw new TimeoutException($"{open.Count} instances do not end; {open[0]} is {view?.Status ?? "not there"}.");
            }
        }

        return right;
    }

    public void Dispose() => _http.Dispose();

    private static ParallelOptions Limit => new() { MaxDegreeOfParallelism = AtOnce };

    private async Task<int> CountAsync(IEnumerable<string> ids, int output, List<string> open)
    {
        var right = 0;
        foreach (var id in ids)
        {
            var view = await ReadAsync(id);
            if (view?.Status is not ("Completed" or "Failed" or "Terminated"))
                break;
            open.Remove(id);
            right += view.Status == "Completed" && view.Output?.GetInt32() == output ? 1 : 0;
        }

        return right;
    }

    private async Task<InstanceView?> ReadAsync(string id)
    {
        using var response = await _http.GetAsync(new Uri($"instances/{id}", UriKind.Relative));
        return response.StatusCode == HttpStatusCode.NotFound ? null : await response.Content.ReadFromJsonAsync<InstanceView>(Json);
    }
}
