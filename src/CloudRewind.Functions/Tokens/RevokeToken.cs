using CloudRewind.Domain.Tokens;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Tokens;

/// <summary>Revokes a token of the account, by its <c>jti</c>.</summary>
public sealed class RevokeToken(RequestGate gate, IRevokedTokens revoked, TimeProvider time)
{
    private const int MostBytes = 16 * 1024;
    private const int LongestTokenId = 1_024;
    private const int LongestReason = 1_024;

    /// <summary>201, or 200 where it was revoked before. It takes effect within <see cref="RevocationList.RememberedFor"/>.</summary>
    [Function(nameof(RevokeToken))]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.RevokedTokens)] HttpRequest request,
        string accountId,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var account = await gate.EnterAccountAsync(request, Permissions.RevokeTokens, accountId, cancellation);
        var faults = new FieldErrors();
        var body = new JsonMembers(await JsonBody.ReadObjectAsync(request, MostBytes, mayBeEmpty: false, cancellation), "", faults);
        var tokenId = body.Text("tokenId", LongestTokenId);
        var reason = body.Text("reason", LongestReason, required: false);
        body.RefuseOthers();
        faults.ThrowIfAny();

        var isNew = await revoked.AddAsync(account, tokenId!, reason, time.GetUtcNow(), cancellation);
        return Json.Answer(new RevokedToken(tokenId!), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private sealed record RevokedToken(string TokenId);
}
