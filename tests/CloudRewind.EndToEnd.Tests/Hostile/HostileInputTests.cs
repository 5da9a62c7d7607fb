using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using CloudRewind.EndToEnd.Tests.Errors;
using CsCheck;
using Xunit.Abstractions;

namespace CloudRewind.EndToEnd.Tests.Hostile;

/// <summary>
/// Whatever is sent, the answer is a documented one and holds nothing that the sender did not know. <c>CLOUDREWIND_HOSTILE_CASES</c> says how
/// many requests are made up; the figures are in the test's output.
/// </summary>
public sealed class HostileInputTests(AppFixture fixture, ITestOutputHelper output) : IClassFixture<AppFixture>
{
    private const int FewCases = 400;
    private const string Secret = "othertenantssecret";

    // What the server answers by itself, before any operation: openapi/cloud-rewind.v1.yaml, info.
    private static readonly HashSet<int> HostsOwn = [400, 404, 414, 431];

    private static readonly string[] NeverSaid =
    [
        "   at ", "Exception", "System.", "Microsoft.", "Azure.", "CloudRewind.", "AccountKey", "SharedKey", "devstoreaccount1", "DefaultEndpointsProtocol", ".cs:line", "127.0.0.1:1",
        "RequestFailed", "odata",
    ];

    private readonly App app = fixture.App;
    private readonly ConcurrentBag<TimeSpan> times = [];
    private readonly ConcurrentDictionary<int, int> statuses = new();

    [Fact]
    public async Task Every_answer_is_documented_and_tells_nothing_new()
    {
        var cases = int.TryParse(Environment.GetEnvironmentVariable("CLOUDREWIND_HOSTILE_CASES"), CultureInfo.InvariantCulture, out var asked) ? asked : FewCases;
        var own = await SceneAsync($"own-{Guid.NewGuid():N}");
        var other = await SceneAsync($"{Secret}-{Guid.NewGuid():N}");
        string[] tokens =
        [
            app.Tokens.Issue(new TokenClaims { AccountId = own.Address.AccountId }),
            app.Tokens.Issue(new TokenClaims { AccountId = own.Address.AccountId, Projects = new[] { own.Address.ProjectId } }),
        ];

        try
        {
            await HostileGen.Requests(own, other, tokens).SampleAsync(CheckAsync, iter: cases, threads: 4);
        }
        finally
        {
            Report();
        }

        if (!OutsideApp.IsGiven)
            Assert.DoesNotContain(app.Process.Output, character => char.IsControl(character) && character is not ('\n' or '\t'));
        Assert.Contains(412, statuses.Keys);
        Assert.Contains(200, statuses.Keys);
        Assert.Contains(404, statuses.Keys);
    }

    private async Task<Scene> SceneAsync(string project)
    {
        var client = app.NewAssembly(project);
        var body = AssemblyBody.Of();
        body["name"] = $"{project} name";
        await client.PutAssemblyAsync(body);
        var id = ApiClient.IdOf(await client.CreateAsync($$"""{"name":"{{project}} first"}"""));
        await client.WatchAsync(id, "skipped");
        return new Scene(client.Address, id);
    }

    private async Task CheckAsync(HostileRequest request)
    {
        var begun = Stopwatch.GetTimestamp();
        var found = await new RawHttp(app.Http.BaseAddress!).TrySendAsync(
            request.Method, request.Target, request.Headers, request.Body is null ? null : BytesOf(request.Body));
        if (OutsideApp.IsGiven && request.IsForThePlatform && found is null or { Status: >= 500 })
            return;
        var answer = found ?? throw new IOException($"The connection was closed without an answer to {request}");
        times.Add(Stopwatch.GetElapsedTime(begun));
        statuses.AddOrUpdate(answer.Status, 1, (_, count) => count + 1);

        Assert.True(answer.Status < 500, $"{answer} to {request}");
        if (answer.Header("x-correlation-id") is null)
        {
            Assert.True(HostsOwn.Contains(answer.Status) && answer.Body.Length == 0, $"The host answered {answer} to {request}");
        }
        else
        {
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
            var operation = Operations.All.Single(known => known.Id == request.Operation);
            if (request.IsFor(operation))
                await Contract.CheckAsync(operation.Method, operation.Route, answer);
        }

        var said = $"{string.Join('\n', answer.Headers.Values)}\n{answer.Body}";
        if (!request.Known.Contains(Secret, StringComparison.OrdinalIgnoreCase))
            Assert.False(said.Contains(Secret, StringComparison.OrdinalIgnoreCase), $"{request} was told of another tenant: {answer}");
        Assert.False(said.Contains($"{Secret} name", StringComparison.Ordinal) || said.Contains(" first", StringComparison.Ordinal) && said.Contains(Secret, StringComparison.Ordinal), $"{request} was told of another tenant: {answer}");
        foreach (var word in NeverSaid.Where(word => !request.Known.Contains(word, StringComparison.OrdinalIgnoreCase)))
            Assert.False(said.Contains(word, StringComparison.Ordinal), $"'{word}' was said to {request}: {answer}");
    }

    private static byte[] BytesOf(string body) =>
        [.. body.Split(HostileGen.NoUtf8).Select(Encoding.UTF8.GetBytes).Aggregate((before, after) => [.. before, 0xFF, .. after])];

    private void Report()
    {
        var sorted = times.Order().ToArray();
        output.WriteLine($"{sorted.Length} requests; slowest {sorted[^1].TotalMilliseconds:F0} ms, 99th percentile {sorted[sorted.Length * 99 / 100].TotalMilliseconds:F0} ms, median {sorted[sorted.Length / 2].TotalMilliseconds:F1} ms");
        output.WriteLine(string.Join(", ", statuses.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key}: {entry.Value}")));
    }
}
