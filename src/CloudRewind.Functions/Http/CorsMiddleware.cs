using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>Tells browsers which pages of other origins may call the API. Where no setting names one, nothing is said, and browsers let none.</summary>
public sealed class CrossOrigin(CorsSettings settings, ICorsService cors)
{
    private readonly CorsPolicy? policy = settings.Policy;

    /// <summary>Puts what there is to say on the response.</summary>
    /// <returns>Whether that is the whole answer: the request was a browser's question, and no more.</returns>
    public bool Answer(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        if (policy is null)
            return false;
        var result = cors.EvaluatePolicy(http, policy);
        cors.ApplyResult(result, http.Response);
        if (result.IsPreflightRequest)
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        return result.IsPreflightRequest;
    }
}
