namespace CloudRewind.EndToEnd.Tests.Errors;

/// <summary>One thing that is wrong with a request, and how that alone is answered.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The code of the error.</param>
internal sealed record Fault(string Name, int Status, string Code)
{
    /// <summary>The parameter or member at fault, where the answer names one.</summary>
    public string? Field { get; init; }

    /// <summary>The query parameter or header that it is about, where the answer names none.</summary>
    public string? Parameter { get; init; }

    /// <summary>The state that the request is aimed at, where it is not a good one.</summary>
    public Func<App, Task<Scene>>? Scene { get; init; }

    /// <summary>Puts it into the request.</summary>
    public Action<Draft> Apply { get; init; } = _ => { };

    /// <summary>It is the account id that cannot be read, so that no token is for it, or against it.</summary>
    public bool IsUnreadableAccount => Field == "accountId";

    /// <summary>What the token is not for.</summary>
    public bool IsAnothers => Code is "account-forbidden" or "project-forbidden";

    /// <summary>Its place in the documented order.</summary>
    public int Place => (Status, Code) switch
    {
        (401, _) => 1,
        (403, _) => 2,
        (412, "assembly-disabled") => 5, // an assembly that is not there is not disabled
        (412, _) => 3,
        (404, _) => 4,
        (409, _) => 6,
        _ => throw new InvalidOperationException($"{this} has no place in the documented order."),
    };

    public override string ToString() => Name;
}
