namespace Microsoft.DurableTask;

/// <summary>
/// Why a task failed. An activity's failure does not carry the type of its exception: decide by an activity's result,
/// never by the type of what it threw.
/// </summary>
/// <param name="ErrorType">The exception's type, or <c>(unknown)</c> for an activity.</param>
/// <param name="ErrorMessage">The exception's message.</param>
/// <param name="StackTrace">Where it was thrown, when known.</param>
/// <param name="InnerFailure">What caused it, when known.</param>
public record TaskFailureDetails(string ErrorType, string ErrorMessage, string? StackTrace, TaskFailureDetails? InnerFailure)
{
    internal const string UnknownType = "(unknown)";

    /// <summary>Whether the failure is known to be an exception of this type; never true for an activity's.</summary>
    /// <typeparam name="T">The exception's type or a base of it.</typeparam>
    public bool IsCausedBy<T>() where T : Exception
    {
        var type = Type.GetType(ErrorType) ?? typeof(T).Assembly.GetType(ErrorType);
        type ??= AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(ErrorType)).FirstOrDefault(t => t is not null);
        return typeof(T).IsAssignableFrom(type);
    }

    /// <inheritdoc />
    public override string ToString() => $"{ErrorType}: {ErrorMessage}";

    internal static TaskFailureDetails FromException(Exception exception) => new(
        exception.GetType().ToString(),
        exception.Message,
        exception.StackTrace,
        exception switch
        {
            TaskFailedException failed => failed.FailureDetails,
            { InnerException: { } inner } => FromException(inner),
            _ => null,
        });
}
