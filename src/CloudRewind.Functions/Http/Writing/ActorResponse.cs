using CloudRewind.Domain;

namespace CloudRewind.Functions.Http;

/// <summary>Who did something, as the API shows it.</summary>
/// <param name="Actor">A caller's <c>sub</c>, or the name of a part of the app.</param>
/// <param name="TokenId">The token's <c>jti</c>; null for a part of the app.</param>
/// <param name="CorrelationId">What ties it to the log.</param>
internal sealed record ActorResponse(string Actor, string? TokenId, string CorrelationId)
{
    public static ActorResponse? Of(Actor? actor) => actor is null ? null : new(actor.Name, actor.TokenId, actor.CorrelationId);
}
