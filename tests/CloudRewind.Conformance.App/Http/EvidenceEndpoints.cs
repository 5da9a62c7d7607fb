using CloudRewind.Conformance.Evidence;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CloudRewind.Conformance.Http;

/// <summary>What functions did, and the way to hold them up.</summary>
public sealed class EvidenceEndpoints(Notes notes, Gates gates)
{
    /// <summary>The lines that were noted <c>about</c> something.</summary>
    [Function("Evidence")]
    public IResult Read([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "notes")] HttpRequest request) =>
        Results.Ok(notes.Of(request.Query["about"].ToString()));

    /// <summary>Opens a <c>gate</c>.</summary>
    [Function("Open")]
    public IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "open")] HttpRequest request)
    {
        gates.Open(request.Query["gate"].ToString());
        return Results.Ok();
    }
}
