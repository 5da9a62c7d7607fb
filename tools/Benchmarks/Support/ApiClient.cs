using System.Text;

namespace CloudRewind.Benchmarks.Support;

/// <summary>Talks HTTP to an app as its clients do: one connection for each request that is under way, and every body read.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient http;
    private readonly string? authorization;

    /// <param name="baseAddress">Where the app is.</param>
    /// <param name="token">The token that is sent; null sends none.</param>
    public ApiClient(Uri baseAddress, string? token = null)
    {
        http = new HttpClient(
            new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ActivityHeadersPropagator = null })
        {
            BaseAddress = baseAddress,
            Timeout = Eventually.Limit,
        };
        authorization = token is null ? null : $"Bearer {token}";
    }

    public static string StatusPath(AssemblyAddress assembly, string protectionId) =>
        $"{assembly.Path}/protections/status?protection_id={Uri.EscapeDataString(protectionId)}";

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        return new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers.ETag?.Tag);
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Asks for what is there, and takes nothing else for an answer.</summary>
    public async Task<Answer> ReadAsync(string path, params (string Name, string Value)[] headers) =>
        (await GetAsync(path, headers)).Require(200);

    /// <summary>Makes an assembly of simulated resources.</summary>
    public async Task PutAsync(AssemblyAddress assembly, params string[] resources) =>
        (await SendAsync(HttpMethod.Put, assembly.Path, AssemblyBody.Of(resources).ToJsonString())).Require(200, 201);

    /// <summary>Begins to protect an assembly that is there.</summary>
    /// <returns>The protection's id.</returns>
    public async Task<string> ProtectAsync(AssemblyAddress assembly) =>
        (await SendAsync(HttpMethod.Post, $"{assembly.Path}/protections")).Require(202).Json.GetProperty("id").GetString()!;

    /// <summary>Waits for the outcome of a protection, and each change on the way, without asking in between.</summary>
    /// <returns>The last answer; the outcome is a success.</returns>
    public async Task<Answer> UntilSuccessAsync(AssemblyAddress assembly, string protectionId)
    {
        var path = StatusPath(assembly, protectionId);
        var answer = await ReadAsync(path);
        while (Outcomes.IsRunning(answer))
            answer = await NewsAsync(path, answer);
        return answer.ProtectionStatus == Outcomes.Success
            ? answer
            : throw new InvalidOperationException(
                $"Protection {protectionId} came to {answer.ProtectionStatus}, not to {Outcomes.Success}.");
    }

    /// <summary>Waits, for a minute at most, until the status is another one.</summary>
    /// <returns>The answer; the known one where nothing has changed.</returns>
    public async Task<Answer> NewsAsync(string path, Answer known)
    {
        var answer = (await GetAsync(path, ("If-None-Match", known.Tag!), ("Prefer", "wait=60"))).Require(200, 304);
        return answer.Status == 304 ? known : answer;
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
