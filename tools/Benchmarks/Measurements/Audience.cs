using System.Collections.Concurrent;
using Azure.Data.Tables;

namespace CloudRewind.Benchmarks.Measurements;

/// <summary>Clients that follow protections to their outcome.</summary>
internal sealed class Audience(MeasuredApp app, StorageTally tally, TableClient protections)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private List<AssemblyAddress> assemblies = [];

    /// <summary>Asks once, and is answered when there are news.</summary>
    public static Task<Answer> WaitAsync(ApiClient client, string path, Answer known) => client.NewsAsync(path, known);

    /// <summary>Asks once a second later.</summary>
    public static async Task<Answer> AskEachSecondAsync(ApiClient client, string path, Answer known)
    {
        await Task.Delay(Second);
        var answer = (await client.GetAsync(path, ("If-None-Match", known.Tag!))).Require(200, 304);
        return answer.Status == 304 ? known : answer;
    }

    /// <summary>Makes the assemblies of the protections to follow.</summary>
    public async Task GatherAsync(int count)
    {
        assemblies = [.. Enumerable.Range(0, count).Select(_ => app.NewAssembly())];
        foreach (var assembly in assemblies)
            await app.Client.PutAsync(assembly, SimulatedResources.Slow);
    }

    /// <summary>Protects each assembly, and has clients follow each protection.</summary>
    /// <param name="clients">How many follow each.</param>
    /// <param name="next">How a client gets the next answer; null: nobody asks.</param>
    public async Task<Figures> FollowAsync(int clients, Func<ApiClient, string, Answer, Task<Answer>>? next)
    {
        var cpu = ProcessFigures.Of(app.ProcessIds).CpuSeconds;
        tally.Forget();
        var followed = await Task.WhenAll(
            assemblies.Select(async assembly => new StoredProtection(assembly, await app.Client.ProtectAsync(assembly))));
        var (requests, news) = (0, new ConcurrentBag<News>());
        await Task.WhenAll(
            followed.SelectMany(
                one => next is null ? [UntilOutcomeAsync(one)] : Enumerable.Range(0, clients).Select(_ => FollowAsync(one))));
        var (taken, reads) = (
            ProcessFigures.Of(app.ProcessIds).CpuSeconds - cpu, tally.Count().Where(kind => kind.Key.IsTableRead).Sum(kind => kind.Value));

        var times = new Dictionary<StoredProtection, Dictionary<int, DateTimeOffset>>();
        foreach (var one in followed)
            times[one] = await TransitionsOfAsync(one.Id);
        return new(
            requests, reads, taken, [.. news.Select(heard => (heard.At - times[heard.Of][heard.Sequence]).TotalMilliseconds).Order()]);

        async Task FollowAsync(StoredProtection one)
        {
            await Task.Delay(Second * Random.Shared.NextDouble()); // clients do not ask in step
            var path = ApiClient.StatusPath(one.Assembly, one.Id);
            var known = await app.Client.ReadAsync(path);
            Interlocked.Increment(ref requests);
            while (Outcomes.IsRunning(known))
            {
                var answer = await next(app.Client, path, known);
                Interlocked.Increment(ref requests);
                // Whoever has missed some was waiting for the first of them.
                if (answer.Sequence != known.Sequence)
                    news.Add(new(one, known.Sequence + 1, DateTimeOffset.UtcNow));
                known = answer;
            }
        }
    }

    // Past the app, and past the proxies.
    private Task UntilOutcomeAsync(StoredProtection one) => Eventually.GetAsync(
        async () =>
        {
            await Task.Delay(Second / 4);
            return (await protections.ReadProtectionAsync(one.Id)).GetString("Status");
        },
        status => status == Outcomes.Success,
        $"the success of {one.Id}");

    // When each was made, by its sequence number.
    private async Task<Dictionary<int, DateTimeOffset>> TransitionsOfAsync(string id)
    {
        var (partition, row) = TableLayout.KeysOf(id);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {partition} and RowKey ge {$"transition:{row}:"} and RowKey lt {$"transition:{row};"}");
        var times = new Dictionary<int, DateTimeOffset>();
        await foreach (var transition in protections.QueryAsync<TableEntity>(filter))
            times[transition.GetInt32("Sequence")!.Value] = transition.GetDateTimeOffset("At")!.Value;
        return times;
    }

    private sealed record News(StoredProtection Of, int Sequence, DateTimeOffset At);

    /// <summary>What a block has cost, and brought.</summary>
    /// <param name="Requests">HTTP requests of the clients that follow.</param>
    /// <param name="TableReads">The app's.</param>
    /// <param name="CpuSeconds">Of host and worker.</param>
    /// <param name="Delays">Milliseconds from each transition to the answer that tells of it, ascending; of each client.</param>
    internal sealed record Figures(int Requests, int TableReads, double CpuSeconds, IReadOnlyList<double> Delays);
}
