using System.Diagnostics.CodeAnalysis;
using Azure;
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
                message.Response = new InternalServerError { ClientRequestId = message.Request.ClientRequestId };
                break;
        }
    }

    private sealed class InternalServerError : Response
    {
        public override int Status => 500;

        public override string ReasonPhrase => "Internal Server Error";

        public override Stream? ContentStream { get; set; }

        public override required string ClientRequestId { get; set; }

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => false;

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [];

        protected override bool TryGetHeader(string name, [NotNullWhen(true)] out string? value)
        {
            value = null;
            return false;
        }

        protected override bool TryGetHeaderValues(string name, [NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = null;
            return false;
        }
    }
}
