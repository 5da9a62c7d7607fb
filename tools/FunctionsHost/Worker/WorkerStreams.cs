using System.Collections.Concurrent;
using CloudRewind.FunctionsHost.Protocol;
using Grpc.Core;
using RpcException = Grpc.Core.RpcException;

namespace CloudRewind.FunctionsHost.Worker;

/// <summary>The host's side of the worker protocol: hands each stream to who waits for the worker that opened it.</summary>
internal sealed class WorkerStreams : FunctionRpc.FunctionRpcBase
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<WorkerStream>> expected = new();

    /// <summary>The stream that the worker of this id will open. No other worker's is accepted.</summary>
    public Task<WorkerStream> ExpectAsync(string workerId) =>
        expected.GetOrAdd(workerId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <inheritdoc/>
    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        if (!await requestStream.MoveNext() || requestStream.Current.StartStream is not { } start
            || !expected.TryRemove(start.WorkerId, out var waiting))
            throw new RpcException(new Status(StatusCode.PermissionDenied, "The host did not start this worker."));
        var stream = new WorkerStream();
        waiting.TrySetResult(stream);
        var sending = SendAsync();
        try
        {
            while (await requestStream.MoveNext())
                stream.Receive(requestStream.Current);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or RpcException or InvalidOperationException)
        {
            // The process is gone; who watches it tells those that wait for its answers.
        }
        finally
        {
            stream.Close();
        }

        await sending;

        async Task SendAsync()
        {
            try
            {
                await foreach (var message in stream.ToSend.ReadAllAsync())
                    await responseStream.WriteAsync(message);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException or RpcException or InvalidOperationException)
            {
                // As above.
            }
        }
    }
}
