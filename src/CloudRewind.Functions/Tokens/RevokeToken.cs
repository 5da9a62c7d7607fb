using CloudRewind.Domain.Tokens;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using CloudRewind.Functions.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace CloudRewind.Functions.Tokens;

/// <summary>Revokes a token of the account, by its <c>jti</c>.</summary>
public sealed class RevokeToken(RevocationCache revoked, TimeProvider time, ILogger<RevokeToken> log)
{
    private const int MaxBytes = 16 * 1024;
    private const int MaxReasonLength = 1_024;

    /// <summary>
    /// 201, or 200 where it was revoked before. It takes effect at once on this instance, and within
    /// <see cref="RevocationCache.Lifetime"/> on others.
    /// </summary>
    [Function(nameof(RevokeToken))]
    [Requires(Permissions.RevokeTokens)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.RevokedTokens)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var (caller, by) = Authorizer.EnterAccount(request, errors, everyProject: false);
        var json = await JsonBody.ReadObjectAsync(request, MaxBytes, mayBeEmpty: false, cancellationToken);
        var body = new JsonMembers(json, "", errors);
        var tokenId = ReadTokenId(body);
        var reason = ReadReason(body);
        caller.RequireMayRevoke(tokenId); // 403 comes before 412
        body.RefuseOthers();
        errors.ThrowIfAny();

        var token = new RevokedToken(tokenId!, reason, time.GetUtcNow(), by);
        var isNew = await revoked.AddAsync(caller.AccountId, token, cancellationToken);
        if (isNew)
            log.TokenRevoked(caller.AccountId, tokenId!, by.Name, by.TokenId!, by.CorrelationId, reason);
        return Json.Answer(new Answer(tokenId!), isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static string? ReadTokenId(JsonMembers body)
    {
        const string Name = "tokenId";
        var text = body.Text(Name, MaxBytes); // A token is longer than an id may be.
        if (text is null)
            return null;
        if (PastedToken.Find(text) is { } pasted)
        {
            var own = pasted.TokenId is { } id ? $"It is '{Excerpt.Of(id)}'." : "It has none.";
            body.AddError(Name, $"Send the token's jti, not the token. {own}");
        }
        else if (text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            body.AddError(Name, "Send the token's jti, not an Authorization header.");
        else if (text.Length > Caller.MaxTokenIdLength)
            body.AddError(Name, $"It must be a string of 1 to {Caller.MaxTokenIdLength} characters that is not blank.");
        else
            return text;
        return null;
    }

    private static string? ReadReason(JsonMembers body)
    {
        const string Name = "reason";
        var text = body.Text(Name, MaxReasonLength, required: false);
        if (text is null || PastedToken.Find(text) is null)
            return text;
        body.AddError(Name, "It holds a token, which is never stored; leave the token out.");
        return null;
    }

    private sealed record Answer(string TokenId);
}
