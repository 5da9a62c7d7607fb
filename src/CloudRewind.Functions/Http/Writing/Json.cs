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
        new WholeBody<T>(body, statusCode);

    /// <summary>
    /// A body that says how long it is. In one of unknown length, the client has to wait for the end to be sent, which comes when the function's invocation is over, by way of the
    /// host: as much time again as a function takes that does nothing.
    /// </summary>
    private sealed class WholeBody<T>(T value, int statusCode) : IResult, IStatusCodeHttpResult, IValueHttpResult
    {
        public object? Value => value;

        public int? StatusCode => statusCode;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(value, Options);
            var response = httpContext.Response;
            response.StatusCode = statusCode;
            response.ContentType = "application/json; charset=utf-8";
            response.ContentLength = body.Length;
            return response.Body.WriteAsync(body, httpContext.RequestAborted).AsTask();
        }
    }
}
