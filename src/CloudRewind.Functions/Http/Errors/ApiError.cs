namespace CloudRewind.Functions.Http;

/// <summary>An error of the API's contract; <see cref="ApiErrors"/> lists all of them.</summary>
public abstract class ApiError
{
    private protected ApiError(ErrorClass kind, string code, int statusCode, TimeSpan? retryAfter) =>
        (Class, Code, StatusCode, RetryAfter) = (kind, code, statusCode, retryAfter);

    /// <summary>The kind of error.</summary>
    public ErrorClass Class { get; }

    /// <summary>The stable kebab-case word for the error, for clients to switch on.</summary>
    public string Code { get; }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The time after which a client may send the request again; null where repeating it does not help.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>An error with one text.</summary>
public sealed class FixedError : ApiError
{
    private readonly string text;

    internal FixedError(ErrorClass kind, string code, int statusCode, string text, TimeSpan? retryAfter = null)
        : base(kind, code, statusCode, retryAfter) => this.text = text;

    /// <summary>The exception to throw.</summary>
    /// <param name="retryAfter">The time after which a client may send the request again; null: the error's own.</param>
    /// <param name="statusCode">Another HTTP status than the error's.</param>
    public ApiException Exception(TimeSpan? retryAfter = null, int? statusCode = null) =>
        new(this, text) { RetryAfter = retryAfter ?? RetryAfter, StatusCode = statusCode ?? StatusCode };
}

/// <summary>An error whose text has details.</summary>
/// <typeparam name="T">The details.</typeparam>
public sealed class DetailedError<T> : ApiError
{
    private readonly Func<T, string> text;

    internal DetailedError(ErrorClass kind, string code, int statusCode, Func<T, string> text, TimeSpan? retryAfter = null)
        : base(kind, code, statusCode, retryAfter) => this.text = text;

    /// <summary>Adds what the answer has besides its text.</summary>
    internal Action<ApiException, T>? Extend { get; init; }

    /// <summary>The exception to throw.</summary>
    /// <param name="details">The details.</param>
    /// <param name="retryAfter">The time after which a client may send the request again; null: the error's own.</param>
    public ApiException Exception(T details, TimeSpan? retryAfter = null)
    {
        var error = new ApiException(this, text(details)) { RetryAfter = retryAfter ?? RetryAfter };
        Extend?.Invoke(error, details);
        return error;
    }
}
