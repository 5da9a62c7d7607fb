using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CloudRewind.TestSupport;

namespace CloudRewind.Chaos;

/// <summary>A client that creates, prunes, cancels, locks, deletes, waits and looks up, whatever it is told.</summary>
internal sealed class Client : IDisposable
{
    private const int CreateAttempts = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    // What faults may do to an answer, and what the contract foresees; anything else is a violation.
    private static readonly HashSet<int> Foreseen = [200, 202, 204, 304, 409, 500, 503];

    private readonly IReadOnlyList<HttpClient> hosts;
    private readonly IReadOnlyList<AssemblyAddress> assemblies;
    private readonly Journal journal;
    private readonly ChaosReport report;
    private readonly Random dice;

    public Client(Cell cell, IReadOnlyList<AssemblyAddress> assemblies, Journal journal, ChaosReport report, Random dice)
    {
        (this.assemblies, this.journal, this.report, this.dice) = (assemblies, journal, report, dice);
        hosts = [.. cell.Addresses.Select(address => new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) })];
        var token = cell.Tokens.Issue(new TokenClaims { AccountId = assemblies[0].AccountId, Subject = "chaos" });
        foreach (var host in hosts)
            host.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
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
            var (status, text, _) = await SendAsync(method, path, body);
            if (wanted.Contains(status))
                return;
            if (DateTime.UtcNow > end || status is >= 400 and < 500)
                throw new TimeoutException($"{method} {path} gives {status}: {text}");
            await Task.Delay(Pause);
        }
    }

    /// <summary>Protects some assemblies, and then does one thing after the other.</summary>
    public async Task RunAsync(IEnumerable<AssemblyAddress> first, DateTime until)
    {
        string? last = null;
        foreach (var assembly in first)
            last = await CreateAsync(assembly) ?? last;
        while (DateTime.UtcNow < until)
        {
            var assembly = assemblies[dice.Next(assemblies.Count)];
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
                    await ActAsync(id, "prune");
                    break;
                case < 83 when id is not null:
                    await ActAsync(id, "cancel");
                    break;
                case < 87 when id is not null:
                    await ActAsync(id, "lock");
                    break;
                case < 92 when id is not null:
                    await ActAsync(id, "unlock");
                    break;
                case 92:
                    Check(assembly.Path, await SendAsync(HttpMethod.Delete, assembly.Path), 202);
                    report.Count("deletions asked for");
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
            Check(assembly.Path, answer, 202);
            if (answer.Status == 202)
            {
                var id = JsonDocument.Parse(answer.Text).RootElement.GetProperty("id").GetString()!;
                journal.Accept(id);
                report.Count("creates accepted");
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
        var answer = await SendAsync(HttpMethod.Get, $"{PathOf(id)}/protections/status?protection_id={Uri.EscapeDataString(id)}", null, headers);
        Check(id, answer);
        if (answer.Tag is not { } tag || answer.Status is not (200 or 304))
            return;
        report.Count("status answers");
        journal.Tell(id, before, int.Parse(tag.Trim('"'), CultureInfo.InvariantCulture), answer.Status == 200 ? JsonDocument.Parse(answer.Text).RootElement.GetProperty("status").GetString() : null);
    }

    private async Task ActAsync(string id, string act)
    {
        Check(id, await SendAsync(HttpMethod.Post, $"{PathOf(id)}/protections/{act}?protection_id={Uri.EscapeDataString(id)}"), 202);
        report.Count($"requests to {act}");
    }

    private string PathOf(string id) => assemblies.Single(assembly => id.StartsWith($"t{assembly.AccountId}:{assembly.ProjectId}:{assembly.CloudAssemblyId}:", StringComparison.Ordinal)).Path;

    private void Check(string subject, (int Status, string Text, string? Tag) answer, params int[] also)
    {
        if (answer.Status != 0 && !Foreseen.Contains(answer.Status) && !also.Contains(answer.Status))
            journal.Violated(subject, $"a client was told {answer.Status}: {answer.Text}");
    }

    /// <returns>Status 0 where there was no whole answer.</returns>
    private async Task<(int Status, string Text, string? Tag)> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await hosts[dice.Next(hosts.Count)].SendAsync(request);
            return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.ToString());
        }
        catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException)
        {
            return (0, error.Message, null); // it was killed, or hangs
        }
    }
}
