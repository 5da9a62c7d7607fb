namespace CloudRewind.Functions.Http;

/// <summary>The body of every refusal, as "Get AWS Protection Status" gives it.</summary>
/// <param name="Errors">What is wrong, one entry each.</param>
/// <param name="FieldErrors">For each parameter or member at fault, what is wrong with it.</param>
/// <param name="Message">All of it in one sentence, for a person to read.</param>
/// <param name="RequiredPermissions">The permissions that the token lacks.</param>
internal sealed record RefusalBody(
    IReadOnlyList<RefusalError> Errors,
    IReadOnlyDictionary<string, string> FieldErrors,
    string Message,
    IReadOnlyList<string> RequiredPermissions);

/// <summary>One thing that is wrong.</summary>
/// <param name="Code">A stable kebab-case word, for clients to switch on.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
/// <param name="Type">The kind of refusal: authentication, authorization, not-found, conflict, precondition or internal.</param>
internal sealed record RefusalError(string Code, string Message, string Type);
