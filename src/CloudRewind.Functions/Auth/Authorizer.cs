using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Auth;

/// <summary>
/// Lets a request through to what its path names, after <see cref="AuthorizationMiddleware"/>. The order of errors is the API's: 401, then 403,
/// then 412. An account id that cannot be read is a 412 before any account is compared, since no token can be for it.
/// </summary>
internal static class Authorizer
{
    /// <summary>Lets a request through to a cloud assembly.</summary>
    /// <param name="request">The request.</param>
    /// <param name="errors">What is wrong with the other parameters, to be answered together with what is wrong with the path's.</param>
    /// <exception cref="ApiException">403 or 412: the request is not let through.</exception>
    public static (AssemblyKey Key, Actor By) EnterAssembly(HttpRequest request, FieldErrors errors)
    {
        var cloudAssemblyId = PathParameters.ReadId(request, "cloudAssemblyId", errors);
        var (accountId, projectId) = EnterProject(request, errors);
        return (new AssemblyKey(accountId, projectId, cloudAssemblyId!.Value), ActorOf(request));
    }

    /// <summary>Lets a request through to a project; as <see cref="EnterAssembly"/>.</summary>
    /// <exception cref="ApiException">403 or 412: the request is not let through.</exception>
    public static (long AccountId, string ProjectId) EnterProject(HttpRequest request, FieldErrors errors)
    {
        var caller = CallerOf(request);
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

    /// <summary>Lets a request through to an account; as <see cref="EnterAssembly"/>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="errors">What is wrong with the other parameters.</param>
    /// <param name="everyProject">Whether the token must be for all projects of the account.</param>
    /// <exception cref="ApiException">403 or 412: the request is not let through.</exception>
    public static (Caller Caller, Actor By) EnterAccount(HttpRequest request, FieldErrors errors, bool everyProject)
    {
        var caller = CallerOf(request);
        if (PathParameters.ReadId(request, "accountId", errors) is { } accountId)
            caller.Require(accountId);
        if (everyProject)
            caller.RequireEveryProject();
        QueryParameters.RefuseOthers(request, errors);
        errors.ThrowIfAny();
        return (caller, ActorOf(request));
    }

    private static Caller CallerOf(HttpRequest request) =>
        request.HttpContext.Features.Get<Caller>() ?? throw new InvalidOperationException("The operation declares no permission.");

    private static Actor ActorOf(HttpRequest request)
    {
        var caller = CallerOf(request);
        return new Actor(caller.Subject, caller.TokenId, CorrelationId.Of(request.HttpContext));
    }
}
