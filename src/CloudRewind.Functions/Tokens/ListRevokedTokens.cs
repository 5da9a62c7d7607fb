using CloudRewind.Domain.Tokens;
using CloudRewind.Functions.Auth;
using CloudRewind.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Functions.Tokens;

/// <summary>Lists the revoked tokens of an account: when, why and by whom each was revoked.</summary>
public sealed class ListRevokedTokens(IRevokedTokens revoked)
{
    /// <summary>200 with the items of the range, in the order of their ids.</summary>
    [Function(nameof(ListRevokedTokens))]
    [Requires(Permissions.RevokeTokens)]
    public async Task<IResult> Run(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.RevokedTokens)] HttpRequest request,
        CancellationToken cancellationToken)
    {
        var errors = new FieldErrors();
        var range = ItemRange.Read(request, errors);
        var (caller, _) = Authorizer.EnterAccount(request, errors, everyProject: true);
        var page = await revoked.ListAsync(caller.AccountId, range.Skip, range.Take, cancellationToken);
        range.Describe(request, Routes.Url(request, Routes.RevokedTokens, caller.AccountId), page.Items.Count, page.Total);
        return Json.Answer(page.Items.Select(Item.Of).ToList());
    }

    private sealed record Item(string TokenId, string? Reason, DateTime At, ActorResponse By)
    {
        public static Item Of(RevokedToken token) => new(token.TokenId, token.Reason, token.At.UtcDateTime, ActorResponse.Of(token.By)!);
    }
}
