using System.Globalization;

namespace CloudRewind.EndToEnd.Tests.Support.Otlp;

/// <summary>A span, and who made it.</summary>
/// <param name="Service">The process.</param>
/// <param name="Source">The activity source.</param>
/// <param name="Span">The span itself.</param>
internal sealed record ReceivedSpan(string Service, string Source, Span Span)
{
    public string Name => Span.Name;

    public string TraceId => Id(Span.TraceId);

    public string SpanId => Id(Span.SpanId);

    /// <summary>Empty where it has none.</summary>
    public string ParentId => Id(Span.ParentSpanId);

    /// <summary>One of its attributes, as text; null where it has none of this name.</summary>
    public string? this[string attribute] => Span.Attributes.Text(attribute);

    /// <inheritdoc/>
    public override string ToString()
    {
        var path = this["url.full"] is { } url ? $" {new Uri(url).AbsolutePath.Split('(')[0]}" : ""; // without the keys of a row
        var status = this["http.response.status_code"] is { } code ? $" {code}" : "";
        var milliseconds = (Span.EndTimeUnixNano - Span.StartTimeUnixNano) / 1e6;
        return string.Create(CultureInfo.InvariantCulture, $"{Name}{path}{status}  [{Service}, {Source}, {milliseconds:0.0} ms]");
    }

    private static string Id(Google.Protobuf.ByteString bytes) => Convert.ToHexStringLower(bytes.Span);
}
