namespace CloudRewind.Functions.Http;

/// <summary>The body of every error, as "Get AWS Protection Status" defines it.</summary>
/// <param name="Errors">The errors, one entry each.</param>
/// <param name="FieldErrors">For each invalid parameter or member, what is wrong with it.</param>
/// <param name="Message">All of it in one text, for a person to read.</param>
/// <param name="RequiredPermissions">The permissions that the token lacks.</param>
internal sealed record ErrorBody(
    IReadOnlyList<ErrorDetail> Errors,
    IReadOnlyDictionary<string, string> FieldErrors,
    string Message,
    IReadOnlyList<string> RequiredPermissions);

/// <summary>One error.</summary>
/// <param name="Code">A stable kebab-case word, for clients to switch on.</param>
/// <param name="Message">What is wrong, and how to put it right.</param>
/// <param name="Type">The kind of error: authentication, authorization, not-found, conflict, precondition or internal.</param>
internal sealed record ErrorDetail(string Code, string Message, string Type);
