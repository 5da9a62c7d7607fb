using System.Globalization;
using System.Text;

namespace CloudRewind.EndToEnd.Tests.Support.Otlp;

/// <summary>The spans of one trace, as their parents' ids put them together. As text it has a line for each span, below its parent and indented.</summary>
internal sealed class SpanTree
{
    private readonly ILookup<string, ReceivedSpan> children;

    private SpanTree(IReadOnlyList<ReceivedSpan> spans)
    {
        Spans = spans;
        children = spans.OrderBy(span => span.Span.StartTimeUnixNano).ToLookup(span => span.ParentId);
        var ids = spans.Select(span => span.SpanId).ToHashSet();
        Roots = [.. children[""]];
        Orphans = [.. spans.Where(span => span.ParentId.Length > 0 && !ids.Contains(span.ParentId))];
    }

    /// <summary>All of them, in no order.</summary>
    public IReadOnlyList<ReceivedSpan> Spans { get; }

    /// <summary>Those that have no parent.</summary>
    public IReadOnlyList<ReceivedSpan> Roots { get; }

    /// <summary>Those whose parent is not there.</summary>
    public IReadOnlyList<ReceivedSpan> Orphans { get; }

    /// <summary>Whether they are one tree.</summary>
    public bool IsWhole => Roots.Count == 1 && Orphans.Count == 0;

    /// <summary>The tree of the spans that have come so far of a trace.</summary>
    public static SpanTree Of(string? traceId, IEnumerable<ReceivedSpan> spans) => new([.. spans.Where(span => span.TraceId == traceId)]);

    /// <summary>What hangs below a span, at any depth.</summary>
    public IEnumerable<ReceivedSpan> Below(ReceivedSpan span) => children[span.SpanId].SelectMany(child => Below(child).Prepend(child));

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Spans.Count} spans, {Roots.Count} roots, {Orphans.Count} without their parent");
        foreach (var root in Roots)
            Write(root, 0);
        foreach (var siblings in Orphans.GroupBy(orphan => orphan.ParentId))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"(span {siblings.Key} is missing)");
            foreach (var orphan in siblings)
                Write(orphan, 1);
        }

        return text.ToString();

        void Write(ReceivedSpan span, int depth)
        {
            text.Append(' ', 2 * depth).AppendLine(span.ToString());
            foreach (var child in children[span.SpanId])
                Write(child, depth + 1);
        }
    }
}
