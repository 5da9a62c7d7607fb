using System.Globalization;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Auth;

/// <summary>
/// What every operation on an assembly asks first, in the order that the API promises: 401, then 403, then 412. An account id that cannot be
/// read is a 412 before any account is compared, since no token can be for it.
/// </summary>
public sealed class Authorizer(TokenAuthenticator authenticator)
{
    /// <summary>Lets a request through to the assembly that its path names.</summary>
    /// <param name="request">The request.</param>
    /// <param name="permission">What the operation needs, of <see cref="Permissions"/>.</param>
    /// <param name="path">The path's parameters, as they came.</param>
    /// <param name="faults">What is wrong with the other parameters, to be answered together with what is wrong with these.</param>
    /// <param name="cancellation">Stops the call.</param>
    /// <exception cref="Refusal">The request is not let through.</exception>
    public async Task<AssemblyKey> AuthorizeAsync(HttpRequest request, string permission, AssemblyPath path, FieldErrors faults, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(faults);
        var caller = await AuthenticateAsync(request, permission, cancellation);
        var cloudAssemblyId = ReadId(path.CloudAssemblyId, "cloudAssemblyId", faults);
        var (accountId, projectId) = Enter(caller, path.AccountId, path.ProjectId, faults);
        return new AssemblyKey(accountId, projectId, cloudAssemblyId!.Value);
    }

    /// <summary>Lets a request through to the project that its path names; as <see cref="AuthorizeAsync"/>.</summary>
    /// <exception cref="Refusal">The request is not let through.</exception>
    public async Task<(long AccountId, string ProjectId)> AuthorizeProjectAsync(
        HttpRequest request, string permission, string accountId, string projectId, FieldErrors faults, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(projectId);
        ArgumentNullException.ThrowIfNull(faults);
        return Enter(await AuthenticateAsync(request, permission, cancellation), accountId, projectId, faults);
    }

    /// <summary>Lets a request through to the account that its path names; as <see cref="AuthorizeAsync"/>.</summary>
    /// <exception cref="Refusal">The request is not let through.</exception>
    public async Task<Caller> AuthorizeAccountAsync(HttpRequest request, string permission, string accountId, CancellationToken cancellation)
    {
        var caller = await AuthenticateAsync(request, permission, cancellation);
        var faults = new FieldErrors();
        if (ReadId(accountId, "accountId", faults) is { } account)
            caller.Require(account);
        faults.ThrowIfAny();
        return caller;
    }

    private async Task<Caller> AuthenticateAsync(HttpRequest request, string permission, CancellationToken cancellation)
    {
        var caller = await authenticator.AuthenticateAsync(request, cancellation);
        caller.Require(permission);
        return caller;
    }

    private static (long AccountId, string ProjectId) Enter(Caller caller, string accountIdText, string projectIdText, FieldErrors faults)
    {
        var accountId = ReadId(accountIdText, "accountId", faults);
        // Below the prefix, an encoded slash is the one thing that comes as it was sent.
        var projectId = projectIdText.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        if (accountId is { } account)
        {
            caller.Require(account);
            caller.RequireProject(projectId);
        }

        faults.ThrowIfAny();
        return (accountId!.Value, projectId);
    }

    private static long? ReadId(string text, string name, FieldErrors faults)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id >= 1)
            return id;
        faults.Add(name, $"'{text}' is not an id; it must be a whole number from 1 to {long.MaxValue}.");
        return null;
    }
}
