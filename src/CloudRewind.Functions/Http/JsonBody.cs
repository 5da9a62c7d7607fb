using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>Reads the body of a request.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    /// <summary>The body, which must be a JSON object.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mostBytes">The size that is read at most.</param>
    /// <param name="mayBeEmpty">Whether no body counts as an empty object.</param>
    /// <param name="cancellation">Stops reading.</param>
    /// <exception cref="Refusal">412: too large, not JSON, a member twice, or not an object.</exception>
    public static async Task<JsonElement> ReadObjectAsync(HttpRequest request, int mostBytes, bool mayBeEmpty, CancellationToken cancellation)
    {
        var bytes = await ReadAsync(request, mostBytes, cancellation);
        if (bytes.Length == 0 && mayBeEmpty)
            return Empty;
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document.RootElement.Clone()
                : throw Invalid($"it is a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}");
        }
        catch (JsonException error)
        {
            throw Invalid(error is { LineNumber: { } line, BytePositionInLine: { } position }
                ? string.Create(CultureInfo.InvariantCulture, $"it cannot be read as JSON at line {line + 1}, byte {position + 1}")
                : "it has a member twice");
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, int mostBytes, CancellationToken cancellation)
    {
        if (request.ContentLength > mostBytes)
            throw TooLarge(mostBytes);
        try
        {
            var buffer = new byte[mostBytes + 1];
            var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
            return length <= mostBytes ? buffer[..length] : throw TooLarge(mostBytes);
        }
        catch (IOException error)
        {
            // The server found it out: larger than it takes at all, or cut up wrongly on the way (for a chunk beyond int32, with no error of its own).
            throw error is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? TooLarge(mostBytes) : Invalid("it did not come as announced");
        }
    }

    private static Refusal TooLarge(int mostBytes) => Refusal.Precondition("body-too-large", $"The body is larger than {mostBytes} bytes.");

    private static Refusal Invalid(string why) => Refusal.Precondition("body-invalid", $"The body must be a JSON object; {why}.");
}
