using System.Collections.Concurrent;
using System.Net.Sockets;
using CloudRewind.FunctionsHost.Protocol;
using Google.Protobuf.WellKnownTypes;

namespace CloudRewind.FunctionsHost.Worker;

/// <summary>One worker that is up and has loaded its functions: takes invocations until its process ends.</summary>
internal sealed class WorkerChannel
{
    private const string HostVersion = "4.1037.0";

    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> running = new();
    private readonly WorkerStream stream;
    private readonly ILoggerFactory logs;
    private volatile Exception? end;

    private WorkerChannel(WorkerStream stream, ILoggerFactory logs, Uri http, IReadOnlyList<RpcFunctionMetadata> functions) =>
        (this.stream, this.logs, Http, Functions) = (stream, logs, http, functions);

    /// <summary>Where the worker takes the requests of HTTP functions.</summary>
    public Uri Http { get; }

    /// <summary>The functions, as the worker describes them.</summary>
    public IReadOnlyList<RpcFunctionMetadata> Functions { get; }

    /// <summary>Completes once nothing more will come from the worker.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Goes through the handshake with a worker that has just opened its stream.</summary>
    /// <exception cref="HostStartException">The worker refuses; the message is its own.</exception>
    public static async Task<WorkerChannel> OpenAsync(
        WorkerStream stream, string appFolder, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var start = new WorkerInitRequest { HostVersion = HostVersion, WorkerDirectory = appFolder, FunctionAppDirectory = appFolder };
        stream.Send(new() { WorkerInitRequest = start });
        var init = (await ReceiveAsync(StreamingMessage.ContentOneofCase.WorkerInitResponse)).WorkerInitResponse;
        ThrowIfRefused(init.Result, "did not initialize");
        if (!init.Capabilities.TryGetValue("HttpUri", out var http))
            throw new HostStartException(
                "The worker does not take HTTP requests itself; the app must call ConfigureFunctionsWebApplication().");

        stream.Send(new() { FunctionsMetadataRequest = new() { FunctionAppDirectory = appFolder } });
        var index = (await ReceiveAsync(StreamingMessage.ContentOneofCase.FunctionMetadataResponse)).FunctionMetadataResponse;
        ThrowIfRefused(index.Result, "did not list its functions");

        foreach (var function in index.FunctionMetadataResults)
            stream.Send(new() { FunctionLoadRequest = new() { FunctionId = function.FunctionId, Metadata = function } });
        for (var loaded = 0; loaded < index.FunctionMetadataResults.Count; loaded++)
            ThrowIfRefused(
                (await ReceiveAsync(StreamingMessage.ContentOneofCase.FunctionLoadResponse)).FunctionLoadResponse.Result,
                "did not load a function");

        var channel = new WorkerChannel(stream, logs, new Uri(http), index.FunctionMetadataResults);
        await channel.UntilListeningAsync(cancellationToken);
        channel.Ended = channel.ReceiveAllAsync();
        return channel;

        async Task<StreamingMessage> ReceiveAsync(StreamingMessage.ContentOneofCase awaited)
        {
            while (true)
            {
                var message = await stream.Received.ReadAsync(cancellationToken);
                if (message.ContentCase == awaited)
                    return message;
                Write(logs, message.RpcLog);
            }
        }
    }

    /// <summary>Runs one function once.</summary>
    /// <param name="request">What it is to run, on what.</param>
    /// <param name="cancellationToken">Asks the worker to cancel; its answer is waited for all the same.</param>
    /// <exception cref="WorkerProcessExitException">The worker's process ended first.</exception>
    public async Task<InvocationResponse> InvokeAsync(InvocationRequest request, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<InvocationResponse>(TaskCreationOptions.RunContinuationsAsynchronously);
        running[request.InvocationId] = answer;
        // Either this sees the end, or Fail sees the invocation.
        if (end is { } cause && running.TryRemove(request.InvocationId, out _))
            throw cause;
        stream.Send(new() { InvocationRequest = request });
        await using var cancelling = cancellationToken.Register(
            () => stream.Send(new() { InvocationCancel = new() { InvocationId = request.InvocationId } }));
        return await answer.Task;
    }

    /// <summary>Whether this invocation has not been answered yet.</summary>
    public bool IsRunning(string invocationId) => running.ContainsKey(invocationId);

    /// <summary>Asks the worker to end.</summary>
    public void Terminate(TimeSpan grace) => stream.Send(new() { WorkerTerminate = new() { GracePeriod = Duration.FromTimeSpan(grace) } });

    /// <summary>The process is gone: whatever runs has failed, and whatever comes will.</summary>
    public void Fail(Exception end)
    {
        this.end = end;
        stream.Close();
        foreach (var id in running.Keys)
        {
            if (running.TryRemove(id, out var answer))
                answer.TrySetException(end);
        }
    }

    private static void ThrowIfRefused(StatusResult result, string what)
    {
        if (result.Status != StatusResult.Types.Status.Success)
            throw new HostStartException(
                $"The worker {what}: {result.Exception?.Message}{Environment.NewLine}{result.Exception?.StackTrace}".TrimEnd());
    }

    private static void Write(ILoggerFactory logs, RpcLog? log)
    {
        if (log is null)
            return;
        // With the stack in it.
        var text = log.Exception is null ? log.Message : $"{log.Message}{Environment.NewLine}{log.Exception.Message}";
        logs.CreateLogger(log.Category is "" ? "Worker" : log.Category).Log((LogLevel)log.Level, "{Message}", text);
    }

    // A worker listens only some time after the handshake.
    private async Task UntilListeningAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(Http.Host, Http.Port, cancellationToken);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(20, cancellationToken);
            }
        }
    }

    private async Task ReceiveAllAsync()
    {
        await foreach (var message in stream.Received.ReadAllAsync())
        {
            if (message.InvocationResponse is { } response && running.TryRemove(response.InvocationId, out var answer))
                answer.TrySetResult(response);
            else
                Write(logs, message.RpcLog);
        }
    }
}
