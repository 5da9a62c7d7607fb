using CloudRewind.Domain;
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
    /// <param name="errors">What is wrong with the other parameters, to be answered together with what is wrong with the path's.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ApiException">The request is not let through.</exception>
    public async Task<AssemblyKey> AuthorizeAsync(HttpRequest request, string permission, FieldErrors errors, CancellationToken cancellationToken)
    {
        var caller = await AuthenticateAsync(request, permission, cancellationToken);
        var cloudAssemblyId = PathParameters.ReadId(request, "cloudAssemblyId", errors);
        var (accountId, projectId) = Enter(caller, request, errors);
        return new AssemblyKey(accountId, projectId, cloudAssemblyId!.Value);
    }

    /// <summary>Lets a request through to the project that its path names; as <see cref="AuthorizeAsync"/>.</summary>
    /// <exception cref="ApiException">The request is not let through.</exception>
    public async Task<(long AccountId, string ProjectId)> AuthorizeProjectAsync(HttpRequest request, string permission, FieldErrors errors, CancellationToken cancellationToken) =>
        Enter(await AuthenticateAsync(request, permission, cancellationToken), request, errors);

    /// <summary>Lets a request through to the account that its path names; as <see cref="AuthorizeAsync"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="permission">What the operation needs, of <see cref="Permissions"/>.</param>
    /// <param name="errors">What is wrong with the other parameters.</param>
    /// <param name="everyProject">Whether the token must be for all projects of the account.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="ApiException">The request is not let through.</exception>
    public async Task<Caller> AuthorizeAccountAsync(
        HttpRequest request, string permission, FieldErrors errors, bool everyProject, CancellationToken cancellationToken)
    {
        var caller = await AuthenticateAsync(request, permission, cancellationToken);
        if (PathParameters.ReadId(request, "accountId", errors) is { } accountId)
            caller.Require(accountId);
        if (everyProject)
            caller.RequireEveryProject();
        QueryParameters.RefuseOthers(request, errors);
        errors.ThrowIfAny();
        return caller;
    }

    /// <summary>Who sends a request that was let through.</summary>
    internal static Actor ActorOf(HttpRequest request) => request.HttpContext.Features.Get<Actor>() ?? throw new InvalidOperationException("The request was not let through.");

    private async Task<Caller> AuthenticateAsync(HttpRequest request, string permission, CancellationToken cancellationToken)
    {
        var caller = await authenticator.AuthenticateAsync(request, cancellationToken);
        caller.Require(permission);
        request.HttpContext.Features.Set(new Actor(caller.Subject, caller.TokenId, CorrelationId.Of(request.HttpContext)));
        return caller;
    }

    private static (long AccountId, string ProjectId) Enter(Caller caller, HttpRequest request, FieldErrors errors)
    {
        var accountId = PathParameters.ReadId(request, "accountId", errors);
        var projectId = PathParameters.ReadProjectId(request, errors);
        if (accountId is { } account)
        {
            caller.Require(account);
            caller.RequireProject(projectId);
        }

        QueryParameters.RefuseOthers(request, errors);
        errors.ThrowIfAny();
        return (accountId!.Value, projectId);
    }
}
