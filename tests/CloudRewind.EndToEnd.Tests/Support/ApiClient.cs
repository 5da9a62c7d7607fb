using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>A client with one assembly, of an account that no other test has.</summary>
internal sealed class ApiClient(App app, AssemblyAddress address)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public AssemblyAddress Address => address;

    /// <summary>The token that is sent; null sends none. As it is, it is good for all of the account.</summary>
    public string? Token { get; init; } = app.Tokens.Issue(new TokenClaims { AccountId = address.AccountId });

    /// <summary>A client of the same assembly with another token.</summary>
    public ApiClient With(string? token) => new(app, address) { Token = token };

    /// <inheritdoc cref="With(string?)"/>
    public ApiClient With(TokenClaims claims) => With(app.Tokens.Issue(claims));

    /// <summary>A client with the same token and another address.</summary>
    public ApiClient At(AssemblyAddress other) => new(app, other) { Token = Token };

    /// <summary>A client of another assembly in the same project.</summary>
    public ApiClient AtAnotherAssembly() => At(address with { CloudAssemblyId = AssemblyAddress.NewId() });

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.RelativeOrAbsolute));
        if (Token is not null)
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {Token}");
        foreach (var (name, value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value), $"{name} is no header of a request.");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await app.Http.SendAsync(request);
        var answer = await Answer.ReadAsync(response);
        await Contract.CheckAsync(method, new Uri(app.Http.BaseAddress!, path).AbsolutePath, answer);
        return answer;
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<Answer> PutAssemblyAsync(JsonObject body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, address.Path, body.ToJsonString(), headers);

    /// <summary>Makes an assembly of simulated resources, or changes it to them.</summary>
    public async Task PutAssemblyAsync(params string[] resources)
    {
        var answer = await PutAssemblyAsync(AssemblyBody.Of(resources));
        Assert.True(answer.Status is 200 or 201, $"The assembly was not put: {answer}");
    }

    public Task<Answer> CreateAsync(string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, $"{address.Path}/protections", body, headers);

    /// <summary>Makes an assembly of simulated resources and protects it.</summary>
    /// <returns>The protection's id.</returns>
    public async Task<string> ProtectAsync(string[] resources, string retention = "P30D")
    {
        await PutAssemblyAsync(resources);
        return await ProtectAgainAsync(retention);
    }

    /// <summary>Protects the assembly that is there.</summary>
    /// <inheritdoc cref="ProtectAsync"/>
    public async Task<string> ProtectAgainAsync(string retention = "P30D") =>
        IdOf(await CreateAsync(JsonSerializer.Serialize(new { retention })));

    public static string IdOf(Answer created)
    {
        Assert.True(created.Status == 202, $"The protection was not created: {created}");
        return created.Json.GetProperty("id").GetString()!;
    }

    /// <summary>Asks something of a protection: <c>prune</c>, <c>cancel</c>, <c>lock</c> or <c>unlock</c>.</summary>
    public Task<Answer> ActAsync(string act, string protectionId) =>
        SendAsync(HttpMethod.Post, $"{address.Path}/protections/{act}?protection_id={Uri.EscapeDataString(protectionId)}");

    /// <summary>The timeline of a protection.</summary>
    public async Task<JsonElement> TimelineAsync(string protectionId) =>
        (await GetAsync($"{address.Path}/protections/timeline?protection_id={Uri.EscapeDataString(protectionId)}")).Json;

    public string StatusPath(string protectionId) => $"{address.Path}/protections/status?protection_id={Uri.EscapeDataString(protectionId)}";

    public Task<Answer> StatusAsync(string protectionId, params (string Name, string Value)[] headers) =>
        GetAsync(StatusPath(protectionId), headers);

    /// <summary>Asks for the status until it is one of these.</summary>
    /// <returns>Each status that was seen on the way, with its sequence number, in the order in which they came.</returns>
    public Task<IReadOnlyList<SeenStatus>> WatchAsync(string protectionId, params string[] until) =>
        WatchAddressAsync(StatusPath(protectionId), until);

    /// <inheritdoc cref="WatchAsync"/>
    public async Task<IReadOnlyList<SeenStatus>> WatchAddressAsync(string location, params string[] until)
    {
        var seen = new List<SeenStatus>();
        await Eventually.GetAsync(
            async () =>
            {
                var status = SeenStatus.Of(await GetAsync(location));
                if (seen.Count == 0 || seen[^1] != status)
                    seen.Add(status);
                else
                    await Task.Delay(Pause);
                return status;
            },
            status => until.Contains(status.Status),
            $"{location} to give {string.Join(" or ", until)}");
        return seen;
    }
}

/// <summary>A status, and the sequence number that came with it as its entity tag.</summary>
internal sealed record SeenStatus(string Status, int Sequence)
{
    public static SeenStatus Of(Answer answer)
    {
        Assert.True(answer.Status == 200, $"A status was expected: {answer}");
        return new SeenStatus(answer.Json.GetProperty("status").GetString()!, int.Parse(answer.Header("ETag")!.Trim('"'), CultureInfo.InvariantCulture));
    }
}
