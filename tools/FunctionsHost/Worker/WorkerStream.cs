using System.Threading.Channels;
using CloudRewind.FunctionsHost.Protocol;

namespace CloudRewind.FunctionsHost.Worker;

/// <summary>Both directions of one worker's stream, once it has said which worker it is.</summary>
internal sealed class WorkerStream
{
    private readonly Channel<StreamingMessage> received = Channel.CreateUnbounded<StreamingMessage>(
        new() { SingleReader = true, SingleWriter = true });
    private readonly Channel<StreamingMessage> toSend = Channel.CreateUnbounded<StreamingMessage>(new() { SingleReader = true });

    /// <summary>From the worker; completes when the stream has ended.</summary>
    public ChannelReader<StreamingMessage> Received => received.Reader;

    /// <summary>What is still to be sent to the worker.</summary>
    public ChannelReader<StreamingMessage> ToSend => toSend.Reader;

    /// <summary>To the worker; does nothing once the stream has ended.</summary>
    public void Send(StreamingMessage message) => toSend.Writer.TryWrite(message);

    /// <summary>From the worker.</summary>
    public void Receive(StreamingMessage message) => received.Writer.TryWrite(message);

    /// <summary>The stream has ended.</summary>
    public void Close()
    {
        received.Writer.TryComplete();
        toSend.Writer.TryComplete();
    }
}
