using System.Text.Json;
using System.Text.Json.Serialization;

namespace CloudRewind.Domain.Protections;

/// <summary>Reads and writes a status in its spelling on the wire.</summary>
internal sealed class ProtectionStatusJsonConverter : JsonConverter<ProtectionStatus>
{
    public override ProtectionStatus Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return ProtectionStatusNames.FromWireName(reader.GetString()!);
        }
        catch (Exception error) when (error is FormatException or InvalidOperationException or ArgumentNullException)
        {
            throw new JsonException("Not a protection status.", error);
        }
    }

    public override void Write(Utf8JsonWriter writer, ProtectionStatus value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToWireName());
}
