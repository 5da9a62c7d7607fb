using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace CloudRewind.Functions.Http;

/// <summary>Reads the body of a request.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };
    private static readonly JsonElement Empty = JsonDocument.Parse("{}").RootElement;

    /// <summary>The body, which must be a JSON object. The names of its members, nested ones too, are valid text.</summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">How large the body may be.</param>
    /// <param name="mayBeEmpty">Whether no body counts as an empty object.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="ApiException">412: too large, not JSON, not an object, a member twice, or a name that is not text.</exception>
    public static async Task<JsonElement> ReadObjectAsync(HttpRequest request, int maxBytes, bool mayBeEmpty, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(request, maxBytes, cancellationToken);
        return bytes.Length == 0 && mayBeEmpty ? Empty : Parse(bytes);
    }

    /// <inheritdoc cref="ReadObjectAsync"/>
    internal static JsonElement Parse(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw ApiErrors.BodyInvalid.Exception("it is not UTF-8");
        try
        {
            using var document = JsonDocument.Parse(bytes, Strict);
            var body = document.RootElement;
            if (body.ValueKind != JsonValueKind.Object)
                throw ApiErrors.BodyInvalid.Exception($"it is a JSON {body.ValueKind.ToString().ToLowerInvariant()}");
            ReadNames(body);
            return body.Clone();
        }
        catch (JsonException error)
        {
            throw ApiErrors.BodyInvalid.Exception(error is { LineNumber: { } line, BytePositionInLine: { } position }
                ? string.Create(CultureInfo.InvariantCulture, $"it cannot be read as JSON at line {line + 1}, byte {position + 1}")
                : "it has the same member twice");
        }
        catch (InvalidOperationException)
        {
            throw ApiErrors.BodyInvalid.Exception("the name of a member is not valid text");
        }
    }

    // Half of a surrogate pair is JSON, and yet not text: reading the name throws.
    private static void ReadNames(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.Object)
        {
            foreach (var member in json.EnumerateObject())
            {
                _ = member.Name;
                ReadNames(member.Value);
            }
        }
        else if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (var entry in json.EnumerateArray())
                ReadNames(entry);
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
            throw ApiErrors.BodyTooLarge.Exception(maxBytes);
        try
        {
            var buffer = new byte[maxBytes + 1];
            var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
            return length <= maxBytes ? buffer[..length] : throw ApiErrors.BodyTooLarge.Exception(maxBytes);
        }
        catch (IOException error)
        {
            // The server found out: larger than it takes at all, or cut up wrongly on the way (for a chunk beyond int32, with no error of its own).
            throw error is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } ? ApiErrors.BodyTooLarge.Exception(maxBytes) : ApiErrors.BodyInvalid.Exception("it is incomplete or malformed");
        }
    }
}
