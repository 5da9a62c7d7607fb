namespace CloudRewind.Functions.Http;

/// <summary>The kinds of error; the <c>type</c> of an error in the API.</summary>
public enum ErrorClass
{
    /// <summary>401.</summary>
    Authentication,

    /// <summary>403.</summary>
    Authorization,

    /// <summary>404 and 405.</summary>
    NotFound,

    /// <summary>429.</summary>
    RateLimit,

    /// <summary>409.</summary>
    Conflict,

    /// <summary>412.</summary>
    Precondition,

    /// <summary>500 and 503.</summary>
    Internal,
}
