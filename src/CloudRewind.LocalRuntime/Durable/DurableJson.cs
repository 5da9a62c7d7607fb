using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Durable;

/// <summary>Payloads as the app sees them, and history as it is stored.</summary>
internal static class DurableJson
{
    // The worker's documented default for what it reads; it writes names as they are declared.
    private static readonly JsonSerializerOptions Reading = new() { PropertyNameCaseInsensitive = true };

    // Payloads are JSON inside JSON: the relaxed encoder keeps their quotes two characters long instead of six.
    private static readonly JsonSerializerOptions Stored = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    /// <summary>A payload by System.Text.Json's own defaults; null stays null.</summary>
    /// <exception cref="NotSupportedException">The value is none that a caller means to be a payload.</exception>
    public static string? Write(object? value) => value switch
    {
        null => null,
        TaskOptions or StartOrchestrationOptions or CancellationToken => throw new NotSupportedException(
            $"A {value.GetType().Name} came in the place of a payload. The public API has an overload that takes it there; the local runtime has none: " +
            "pass the payload as well, if only as null."),
        _ => JsonSerializer.Serialize(value, value.GetType()),
    };

    public static T? Read<T>(string? json) => json is null ? default : JsonSerializer.Deserialize<T>(json, Reading);

    /// <summary>A payload as a type that is known at run time only; none is that type's default.</summary>
    public static object? Read(string? json, Type type)
    {
        if (json is not null)
            return JsonSerializer.Deserialize(json, type, Reading);
        return type.IsValueType ? Activator.CreateInstance(type) : null;
    }

    public static string Store<T>(T value) => JsonSerializer.Serialize(value, Stored);

    public static T Restore<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Stored) ?? throw new JsonException($"A stored {typeof(T).Name} is empty.");
}
