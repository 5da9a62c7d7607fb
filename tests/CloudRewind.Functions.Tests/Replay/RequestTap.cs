using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.DurableTask.Protobuf;

namespace CloudRewind.Functions.Tests.Replay;

/// <summary>Listens between engine and worker, and keeps of each history the last request and its response.</summary>
internal sealed class RequestTap : Interceptor
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, OrchestratorRequest> open = [];
    private readonly List<(string ExecutionId, RecordedRequest Recorded)> histories = [];

    /// <summary>The last exchange of each history, in order.</summary>
    public IReadOnlyList<RecordedRequest> Histories
    {
        get
        {
            lock (gate)
                return [.. histories.Select(history => history.Recorded)];
        }
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        var call = continuation(request, context);
        return new AsyncServerStreamingCall<TResponse>(
            new Tapped<TResponse>(call.ResponseStream, Note), call.ResponseHeadersAsync, call.GetStatus, call.GetTrailers, call.Dispose);
    }

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
    {
        if (request is OrchestratorResponse response)
            Note(response);
        return continuation(request, context);
    }

    private void Note(object? message)
    {
        if (message is not WorkItem { OrchestratorRequest: { } request })
            return;
        lock (gate)
            open[request.InstanceId] = request.Clone();
    }

    private void Note(OrchestratorResponse response)
    {
        lock (gate)
        {
            var request = open[response.InstanceId];
            var started = request.PastEvents.Concat(request.NewEvents).First(any => any.ExecutionStarted is not null).ExecutionStarted;
            var recorded = new RecordedRequest(started.Name, Convert.ToBase64String(request.ToByteArray()), Convert.ToBase64String(response.ToByteArray()));
            var execution = started.OrchestrationInstance.ExecutionId;
            if (histories.Count > 0 && histories[^1].ExecutionId == execution)
                histories[^1] = (execution, recorded);
            else
                histories.Add((execution, recorded));
        }
    }

    private sealed class Tapped<T>(IAsyncStreamReader<T> inner, Action<object?> note) : IAsyncStreamReader<T>
    {
        public T Current => inner.Current;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            var moved = await inner.MoveNext(cancellationToken);
            if (moved)
                note(inner.Current);
            return moved;
        }
    }
}
