using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Auth;

/// <summary>An HTTP function.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Route">Its route, below the prefix of <c>host.json</c>.</param>
/// <param name="Methods">Its methods, in lower case; null: all.</param>
/// <param name="Permission">The permission that it needs; null: it needs no token.</param>
public sealed record Operation(string Name, string Route, IReadOnlyList<string>? Methods, string? Permission);

/// <summary>The HTTP functions of the app and the permission that each declares.</summary>
public sealed class Operations
{
    private readonly Dictionary<string, Operation> byName;

    private Operations(IEnumerable<Operation> all) => byName = all.ToDictionary(operation => operation.Name, StringComparer.Ordinal);

    /// <summary>All of them.</summary>
    public IReadOnlyCollection<Operation> All => byName.Values;

    /// <summary>Finds the HTTP functions in some types.</summary>
    /// <exception cref="InvalidOperationException">A function declares no permission, or one that does not exist.</exception>
    public static Operations Read(IEnumerable<Type> types) => new(
        from method in types.SelectMany(type => type.GetMethods())
        let function = method.GetCustomAttribute<FunctionAttribute>()
        where function is not null
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        select new Operation(function.Name, trigger.Route!, trigger.Methods, PermissionOf(method, function.Name)));

    /// <summary>The permission that a function needs; null where it needs no token.</summary>
    public string? PermissionOf(string function) => byName[function].Permission;

    private static string? PermissionOf(MethodInfo method, string function)
    {
        var permission = method.GetCustomAttribute<RequiresAttribute>()?.Permission;
        var isAnonymous = method.IsDefined(typeof(AllowAnonymousAttribute));
        if (permission is null != isAnonymous)
            throw new InvalidOperationException($"HTTP function {function} must have either [Requires] or [AllowAnonymous].");
        if (permission is not null && !Permissions.All.Contains(permission))
            throw new InvalidOperationException($"HTTP function {function} requires '{permission}', which is not a permission.");
        return permission;
    }
}
