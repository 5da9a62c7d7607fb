using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudRewind.LocalRuntime.Durable;

/// <summary>Payloads as the app sees them, and history as it is stored.</summary>
internal static class DurableJson
{
    // Payloads are JSON inside JSON: the relaxed encoder keeps their quotes two characters long instead of six.
    private static readonly JsonSerializerOptions Stored = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    /// <summary>A payload by System.Text.Json's own defaults; null stays null.</summary>
    public static string? Write(object? value) => value is null ? null : JsonSerializer.Serialize(value, value.GetType());

    public static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json);

    public static string Store<T>(T value) => JsonSerializer.Serialize(value, Stored);

    public static T Restore<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Stored) ?? throw new JsonException($"A stored {typeof(T).Name} is empty.");
}
