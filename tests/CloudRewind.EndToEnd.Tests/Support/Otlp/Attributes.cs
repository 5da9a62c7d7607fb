using System.Globalization;

namespace CloudRewind.EndToEnd.Tests.Support.Otlp;

internal static class Attributes
{
    /// <summary>The attribute of this name, as text; null where there is none.</summary>
    public static string? Text(this IEnumerable<KeyValue> attributes, string key) => attributes.FirstOrDefault(attribute => attribute.Key == key)?.Value is not { } value
        ? null
        : value.ValueCase switch
        {
            AnyValue.ValueOneofCase.StringValue => value.StringValue,
            AnyValue.ValueOneofCase.IntValue => value.IntValue.ToString(CultureInfo.InvariantCulture),
            AnyValue.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
            AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue.ToString(CultureInfo.InvariantCulture),
            _ => "",
        };
}
