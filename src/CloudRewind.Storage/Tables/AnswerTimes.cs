using Azure.Core;
using Azure.Core.Pipeline;

namespace CloudRewind.Storage.Tables;

/// <summary>Passes on the time that each answer of storage names, which is that of storage's own clock, to a second.</summary>
internal sealed class AnswerTimes(Action<DateTimeOffset> answeredAt) : HttpPipelineSynchronousPolicy
{
    /// <inheritdoc/>
    public override void OnReceivedResponse(HttpMessage message)
    {
        if (message.HasResponse && message.Response.Headers.Date is { } time)
            answeredAt(time);
    }
}
