using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Tokens;

/// <summary>Revokes a token of the account, by its <c>jti</c>.</summary>
public sealed class RevokeToken(Authorizer authorizer, RevocationCache revoked)
{
    private const int MaxBytes = 16 * 1024;
    private const int MaxReasonLength = 1_024;

    /// <summary>201, or 200 where it was revoked before. It takes effect at once on this instance, and within <see cref="RevocationCache.Lifetime"/> on others.</summary>
    [Function(nameof(RevokeToken))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.RevokedTokens)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var caller = await authorizer.AuthorizeAccountAsync(request, Permissions.RevokeTokens, cancellationToken);
        var errors = new FieldErrors();
        var body = new JsonMembers(await JsonBody.ReadObjectAsync(request, MaxBytes, mayBeEmpty: false, cancellationToken), "", errors);
        var tokenId = body.Text("tokenId", Caller.MaxTokenIdLength);
        var reason = body.Text("reason", MaxReasonLength, required: false);
        caller.RequireMayRevoke(tokenId); // 403 comes before 412
        body.RefuseOthers();
        errors.ThrowIfAny();

        var isNew = await revoked.AddAsync(caller.AccountId, tokenId!, reason, cancellationToken);
        return Json.Answer(new RevokedToken(tokenId!), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private sealed record RevokedToken(string TokenId);
}
