namespace CloudRewind.Functions.Auth;

/// <summary>Declares the permission that an operation needs. An operation without a token has <c>AllowAnonymous</c> instead.</summary>
/// <param name="permission">One of <see cref="Permissions"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RequiresAttribute(string permission) : Attribute
{
    /// <summary>One of <see cref="Permissions"/>.</summary>
    public string Permission => permission;
}
