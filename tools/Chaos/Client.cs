using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>A client that creates, prunes, cancels, locks, changes, deletes, waits and looks up, whatever it is told.</summary>
internal sealed class Client : IDisposable
{
    private const int CreateAttempts = 6;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    // Three times what the contract promises of a lookup.
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    // What faults may do to an answer, and what the contract foresees; anything else is a violation.
    private static readonly HashSet<int> Foreseen = [200, 202, 204, 304, 409, 500, 503];

    private readonly IReadOnlyList<HttpClient> hosts;
    private readonly Cell cell;
    private readonly IReadOnlyList<OwnedAssembly> assemblies;
    private readonly Journal journal;
    private readonly ChaosReport report;
    private readonly Random dice;

    public Client(Cell cell, IReadOnlyList<OwnedAssembly> assemblies, Journal journal, ChaosReport report, Random dice)
    {
        (this.cell, this.assemblies, this.journal, this.report, this.dice) = (cell, assemblies, journal, report, dice);
        hosts =
        [
            .. cell.Addresses.Select(address =>
                new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = LongestAnswer }),
        ];
    }

    public void Dispose()
    {
        foreach (var host in hosts)
            host.Dispose();
    }

    /// <summary>Puts something until it is there.</summary>
    public async Task PutAsync(string path, HttpMethod method, string body, params int[] wanted)
    {
        var end = DateTime.UtcNow + Eventually.Limit;
        while (true)
        {
            var answer = await SendAsync(method, path, body);
            if (answer.Status is { } status && wanted.Contains(status))
                return;
            if (DateTime.UtcNow > end || answer.Status is >= 400 and < 500)
                throw new TimeoutException($"{method} {path} gives {answer.Status}: {answer.Text}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Asks every host for the assemblies, with a token of some key.</summary>
    /// <returns>The status that each host answers.</returns>
    public async Task<IReadOnlyList<int>> AskAllAsync(Tokens keys)
    {
        List<int> statuses = [];
        foreach (var host in hosts)
        {
            var path = assemblies[0].Address.Path;
            statuses.Add(await Eventually.GetAsync(
                async () => (await SendAsync(host, keys, HttpMethod.Get, path, null, [])).Status ?? 0,
                status => status is > 0 and < 500,
                $"an answer about {path}"));
        }

        return statuses;
    }

    /// <summary>Protects some assemblies, and then does one thing after the other.</summary>
    public async Task RunAsync(IEnumerable<OwnedAssembly> first, DateTime until)
    {
        string? last = null;
        foreach (var assembly in first)
            last = await CreateAsync(assembly.Address) ?? last;
        while (DateTime.UtcNow < until)
        {
            var chosen = assemblies[dice.Next(assemblies.Count)];
            var assembly = chosen.Address;
            var id = last ?? journal.Accepted.LastOrDefault();
            switch (dice.Next(100))
            {
                case < 34:
                    last = await CreateAsync(assembly) ?? last;
                    break;
                case < 62 when id is not null:
                    await LookAsync(id, wait: false);
                    break;
                case < 74 when id is not null:
                    await LookAsync(id, wait: true);
                    break;
                case < 80 when id is not null:
                    await ActAsync(id, "prune", Asked.Prunes);
                    break;
                case < 83 when id is not null:
                    await ActAsync(id, "cancel", Asked.Cancels);
                    break;
                case < 87 when id is not null:
                    await ActAsync(id, "lock", Asked.Locks);
                    break;
                case < 92 when id is not null:
                    await ActAsync(id, "unlock", Asked.Unlocks);
                    break;
                case 92:
                    Check(assembly.Path, await SendAsync(HttpMethod.Delete, assembly.Path));
                    report.Count(Asked.Deletions);
                    break;
                case < 97:
                    await ChangeAsync(chosen);
                    break;
                default:
                    Check(assembly.Path, await SendAsync(HttpMethod.Get, $"{assembly.Path}/protections"));
                    last = null;
                    break;
            }

            await Task.Delay(Pause * dice.NextDouble());
        }
    }

    private async Task<string?> CreateAsync(AssemblyAddress assembly)
    {
        var key = Guid.NewGuid().ToString("N");
        var body = dice.Next(3) switch { 0 => """{"retention":"PT3S"}""", 1 => """{"retention":"P30D"}""", _ => "{}" };
        for (var attempt = 1; attempt <= CreateAttempts; attempt++)
        {
            var answer = await SendAsync(HttpMethod.Post, $"{assembly.Path}/protections", body, ("Idempotency-Key", key));
            Check(assembly.Path, answer);
            if (answer.Status == 202)
            {
                var id = JsonDocument.Parse(answer.Text).RootElement.GetProperty("id").GetString()!;
                journal.Accept(id);
                report.Count(Asked.CreatesAccepted);
                return id;
            }

            if (answer.Status == 409)
                return null;
            await Task.Delay(Pause * attempt);
        }

        return null;
    }

    private async Task LookAsync(string id, bool wait)
    {
        var before = journal.NewestOf(id);
        var headers = wait && before >= 0
            ? new[] { ("If-None-Match", string.Create(CultureInfo.InvariantCulture, $"\"{before}\"")), ("Prefer", "wait=3") }
            : [];
        var path = $"{PathOf(id)}/protections/status?protection_id={Uri.EscapeDataString(id)}";
        var answer = await SendAsync(HttpMethod.Get, path, null, headers);
        Check(id, answer);
        if (answer.IsOverdue)
        {
            report.Count(Asked.OverdueLookups);
            journal.Overdue(id);
        }

        if (answer.Tag is not { } tag || answer.Status is not (200 or 304))
            return;
        report.Count(Asked.StatusAnswers);
        var status = answer.Status == 200 ? JsonDocument.Parse(answer.Text).RootElement.GetProperty("status").GetString() : null;
        journal.Tell(id, before, int.Parse(tag.Trim('"'), CultureInfo.InvariantCulture), status);
    }

    /// <summary>Puts each assembly elsewhere, and asks for the removal of copies that were made before.</summary>
    public async Task MoveAsync(IReadOnlyList<string> removed)
    {
        foreach (var assembly in assemblies)
            await ChangeAsync(assembly);
        foreach (var id in removed)
            await ActAsync(id, "prune", Asked.Prunes);
    }

    private async Task ActAsync(string id, string act, Asked asked)
    {
        Check(id, await SendAsync(HttpMethod.Post, $"{PathOf(id)}/protections/{act}?protection_id={Uri.EscapeDataString(id)}"));
        report.Count(asked);
    }

    // A copy stays where it was made, whatever its assembly says later.
    private async Task ChangeAsync(OwnedAssembly assembly)
    {
        var answer = await SendAsync(HttpMethod.Put, assembly.Address.Path, assembly.Definitions[dice.Next(assembly.Definitions.Count)]);
        Check(assembly.Address.Path, answer);
        if (answer.Status == 200)
            report.Count(Asked.AssemblyChanges);
    }

    private string PathOf(string id) => assemblies.Single(assembly => assembly.Owns(id)).Address.Path;

    private void Check(string subject, Answer answer)
    {
        var mayBeRefused = cell.Keys.CurrentKeyIsUnknownFor > TimeSpan.Zero;
        if (answer.Status is { } status && !Foreseen.Contains(status) && !(status == 401 && mayBeRefused))
            journal.Violated(subject, $"a client was told {status}: {answer.Text}");
    }

    private Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(hosts[dice.Next(hosts.Count)], null, method, path, body, headers);

    private async Task<Answer> SendAsync(
        HttpClient host, Tokens? keys, HttpMethod method, string path, string? body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (keys ?? cell.Keys.Current).Issue(Claims()));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await host.SendAsync(request);
            return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString());
        }
        catch (OperationCanceledException error)
        {
            return new Answer(null, error.Message, null) { IsOverdue = true };
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new Answer(null, error.Message, null); // the host or its worker was killed
        }
    }

    // Valid by a clock that is moved, too.
    private TokenClaims Claims() =>
        new() { AccountId = assemblies[0].Address.AccountId, Subject = "chaos", NotBefore = DateTime.UtcNow.AddHours(-1) };

    // Without a status where there was no whole answer.
    private sealed record Answer(int? Status, string Text, string? Tag)
    {
        /// <summary>Whether there was no answer in time.</summary>
        public bool IsOverdue { get; init; }
    }
}
