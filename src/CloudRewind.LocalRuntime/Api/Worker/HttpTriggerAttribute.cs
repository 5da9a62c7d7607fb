namespace Microsoft.Azure.Functions.Worker;

/// <summary>Who may call an HTTP function. The local runtime asks for no key, whatever the level.</summary>
public enum AuthorizationLevel
{
    /// <summary>Anyone.</summary>
    Anonymous = 0,

    /// <summary>A user's token.</summary>
    User = 1,

    /// <summary>A function's key.</summary>
    Function = 2,

    /// <summary>The system's key.</summary>
    System = 3,

    /// <summary>The host's master key.</summary>
    Admin = 4,
}

/// <summary>Binds a parameter to an HTTP request that starts the function.</summary>
/// <param name="authLevel">Who may call.</param>
/// <param name="methods">The methods that match; none means all.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : Attribute
{
    /// <summary>The route below the prefix; the function's name where there is none.</summary>
    public string? Route { get; set; }

    /// <summary>The methods that match; empty means all.</summary>
    public string[]? Methods { get; } = methods;

    /// <summary>Who may call.</summary>
    public AuthorizationLevel AuthLevel { get; } = authLevel;
}
