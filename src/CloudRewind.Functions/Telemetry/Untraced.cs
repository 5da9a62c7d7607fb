using System.Runtime.CompilerServices;
using OpenTelemetry;

namespace CloudRewind.Functions.Telemetry;

internal static class Untraced
{
    /// <summary>
    /// Reads rows without a span for each request: a timer that looks every minute whether anything is due would send more of them than all else of an idle app. What is
    /// done with a row has its spans.
    /// </summary>
    public static async IAsyncEnumerable<T> WithoutSpans<T>(this IAsyncEnumerable<T> rows, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reading = rows.GetAsyncEnumerator(cancellationToken);
        while (await NextAsync())
            yield return reading.Current;

        async ValueTask<bool> NextAsync()
        {
            using (SuppressInstrumentationScope.Begin())
                return await reading.MoveNextAsync();
        }
    }
}
