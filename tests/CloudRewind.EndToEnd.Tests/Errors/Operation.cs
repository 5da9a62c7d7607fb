namespace CloudRewind.EndToEnd.Tests.Errors;

/// <summary>An operation that needs a token: a request of it that would be served, and all that can be wrong with one.</summary>
/// <param name="Id">Its id in the contract.</param>
/// <param name="Method">Its method.</param>
/// <param name="Route">Its address.</param>
/// <param name="Permission">What the token must permit.</param>
internal sealed record Operation(string Id, HttpMethod Method, string Route, string Permission)
{
    /// <summary>Fills in what a good request needs beside the path.</summary>
    public Action<Draft> Complete { get; init; } = _ => { };

    /// <summary>The state in which a good request is served, where that would end the state that others are aimed at.</summary>
    public Func<App, Task<Scene>>? Served { get; init; }

    /// <summary>What can be wrong with it, and not with any other operation.</summary>
    public IReadOnlyList<Fault> OwnFaults { get; init; } = [];

    /// <summary>All that can be wrong.</summary>
    public IReadOnlyList<Fault> Faults => [.. Faults401And403(), .. PathFaults(), UnknownParameter, .. OwnFaults];

    /// <summary>A good request with these faults in it, the first of them last, so that it cannot be covered up.</summary>
    public async Task<Draft> DraftAsync(App app, params Fault[] faults)
    {
        var arrange = faults.Select(fault => fault.Scene).FirstOrDefault(scene => scene is not null) ?? (faults.Length == 0 ? Served : null) ?? Scene.ReadyAsync;
        var scene = await arrange(app);
        var draft = new Draft
        {
            Scene = scene,
            Claims = new TokenClaims { AccountId = scene.Address.AccountId },
            AccountId = $"{scene.Address.AccountId}",
            ProjectId = scene.Address.ProjectId,
            CloudAssemblyId = $"{scene.Address.CloudAssemblyId}",
        };
        Complete(draft);
        foreach (var fault in faults.Reverse())
            fault.Apply(draft);
        return draft;
    }

    private static Fault UnknownParameter => new("a query parameter that is not known", 412, "invalid-request") { Field = "status", Apply = draft => draft.Query.Add(("status", "failed")) };

    private IEnumerable<Fault> Faults401And403()
    {
        yield return new("no token", 401, "token-missing") { Apply = draft => draft.Authorization = "" };
        yield return new("a malformed token", 401, "token-malformed") { Apply = draft => draft.Authorization = "Bearer rubbish" };
        yield return new("an expired token", 401, "token-expired") { Apply = draft => draft.Claims = draft.Claims with { NotBefore = DateTime.UtcNow.AddHours(-2), Expires = DateTime.UtcNow.AddHours(-1) } };
        yield return new("a token without the permission", 403, "permission-missing") { Apply = draft => draft.Claims = draft.Claims with { Permissions = [.. Tokens.EveryPermission.Except([Permission])] } };
        yield return new("a token of another account", 403, "account-forbidden") { Apply = draft => draft.Claims = draft.Claims with { AccountId = AssemblyAddress.NewId() } };
        if (Route.Contains("{projectId}", StringComparison.Ordinal))
            yield return new("a token for another project", 403, "project-forbidden") { Apply = draft => draft.Claims = draft.Claims with { Projects = new[] { "another" } } };
    }

    private IEnumerable<Fault> PathFaults()
    {
        if (Route.Contains("{projectId}", StringComparison.Ordinal))
            yield return new("a project id that is too long", 412, "invalid-request") { Field = "projectId", Apply = draft => draft.ProjectId = new string('p', 401) };
        foreach (var value in new[] { "abc", "0", "-1", "9223372036854775808", "%201" })
        {
            yield return new($"the account id '{value}'", 412, "invalid-request") { Field = "accountId", Apply = draft => draft.AccountId = value };
            if (Route.Contains("{cloudAssemblyId}", StringComparison.Ordinal))
                yield return new($"the assembly id '{value}'", 412, "invalid-request") { Field = "cloudAssemblyId", Apply = draft => draft.CloudAssemblyId = value };
        }
    }

    public override string ToString() => Id;
}
