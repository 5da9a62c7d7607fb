using Grpc.Core;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Client.Grpc;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudRewind.Functions.Tests.Support;

/// <summary>An engine that starts nothing, and says why as the Durable extension does: by the status of a gRPC call.</summary>
internal sealed class RefusingEngine(StatusCode refusal) : CallInvoker
{
    /// <summary>The client that the app is given.</summary>
    public DurableTaskClient Client =>
        new GrpcDurableTaskClient("tests", new GrpcDurableTaskClientOptions { CallInvoker = this }, NullLogger<GrpcDurableTaskClient>.Instance);

    /// <summary>What was to be started.</summary>
    public CreateInstanceRequest? Started { get; private set; }

    /// <summary>The event that was raised.</summary>
    public RaiseEventRequest? Raised { get; private set; }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        Started = request as CreateInstanceRequest ?? Started;
        Raised = request as RaiseEventRequest ?? Raised;
        var answer = request is CreateInstanceRequest
            ? Task.FromException<TResponse>(new RpcException(new Status(refusal, "refused")))
            : Task.FromResult((TResponse)(object)new RaiseEventResponse());
        return new AsyncUnaryCall<TResponse>(answer, Task.FromResult(new Metadata()), () => Status.DefaultSuccess, () => [], () => { });
    }

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) =>
        throw new NotSupportedException();

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();
}
