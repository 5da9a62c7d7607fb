using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudRewind.Domain.Protections;

/// <summary>Reads and writes an id as its text.</summary>
internal sealed class ProtectionIdJsonConverter : JsonConverter<ProtectionId>
{
    public override ProtectionId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && ProtectionId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException("Not a protection id.");

    public override void Write(Utf8JsonWriter writer, ProtectionId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
