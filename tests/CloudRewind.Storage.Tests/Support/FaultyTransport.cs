using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;

namespace CloudRewind.Storage.Tests.Support;

/// <summary>What happens to a request on its way.</summary>
public enum Fault
{
    None,

    /// <summary>The process dies before the request leaves.</summary>
    CrashBefore,

    /// <summary>The request is served, and the process dies before it hears of it.</summary>
    CrashAfter,

    /// <summary>The request is served, and its answer is lost: the client repeats it.</summary>
    LostAnswer,

    /// <summary>The request is served, and answered with an error of the service: the client repeats it.</summary>
    WrongAnswer,
}

/// <summary>Stands for the death of the process: nobody catches it but the test.</summary>
public sealed class CrashException : Exception;

/// <summary>Sends requests to the real storage, does to writes what the test says, and counts all.</summary>
internal sealed class FaultyTransport(Func<Fault> next) : HttpPipelineTransport
{
    private readonly HttpClientTransport real = new();
    private readonly HttpClientTransport failing = new(new MadeAnswers(() => MadeAnswers.Error(HttpStatusCode.InternalServerError)));
    private int requests;

    /// <summary>Requests that reached storage.</summary>
    public int Requests => requests;

    public override Request CreateRequest() => real.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        var fault = message.Request.Method == RequestMethod.Get ? Fault.None : next();
        if (fault == Fault.CrashBefore)
            throw new CrashException();
        Interlocked.Increment(ref requests);
        await real.ProcessAsync(message);
        switch (fault)
        {
            case Fault.CrashAfter:
                throw new CrashException();
            case Fault.LostAnswer:
                throw new IOException("the answer was lost");
            case Fault.WrongAnswer:
                message.Response.Dispose();
                await failing.ProcessAsync(message);
                break;
        }
    }
}
