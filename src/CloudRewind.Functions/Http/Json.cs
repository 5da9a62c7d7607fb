using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>How JSON is written: camelCase, and text readable as it is, since it is never put into a page.</summary>
internal static class Json
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>An answer with a JSON body.</summary>
    public static IResult Answer<T>(T body, int statusCode = StatusCodes.Status200OK) =>
        Results.Json(body, Options, contentType: null, statusCode);
}
