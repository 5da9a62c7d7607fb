using System.Diagnostics;
using CloudRewind.FunctionsHost.Http;
using CloudRewind.FunctionsHost.Protocol;
using CloudRewind.FunctionsHost.Worker;
using Microsoft.Azure.WebJobs;
using ExecutionContext = Microsoft.Azure.WebJobs.ExecutionContext;

namespace CloudRewind.FunctionsHost.Functions;

/// <summary>Turns a run of a function into an invocation of the worker.</summary>
internal sealed class FunctionInvoker(
    WorkerSupervisor worker, FunctionIndex index, RequestForwarding forwarding, IHostApplicationLifetime lifetime)
{
    /// <inheritdoc cref="FunctionsOfWorker.RunAsync"/>
    /// <exception cref="WorkerRpcException">The function threw.</exception>
    /// <exception cref="WorkerProcessExitException">The worker's process ended first.</exception>
    public async Task<object?> RunAsync(string name, object?[] arguments)
    {
        var function = index.Find(name);
        var (binder, context, cancellationToken) = (
            (Binder)arguments[^3]!, (ExecutionContext)arguments[^2]!, (CancellationToken)arguments[^1]!);
        var channel = await worker.CurrentAsync(cancellationToken);
        var request = RequestOf(function, arguments, binder, context.InvocationId);
        var response = arguments[0] is HttpContext http
            ? await AnswerAsync(http, channel, request, cancellationToken)
            : await channel.InvokeAsync(request, cancellationToken);
        if (response.Result.Status != StatusResult.Types.Status.Success)
            throw new WorkerRpcException(response.Result);
        return WorkerValues.FromWorker(response.ReturnValue);
    }

    private static InvocationRequest RequestOf(WorkerFunction function, object?[] arguments, Binder binder, Guid invocationId)
    {
        var request = new InvocationRequest
        {
            FunctionId = function.Metadata.FunctionId,
            InvocationId = invocationId.ToString(),
            TraceContext = new() { TraceParent = Activity.Current?.Id ?? "", TraceState = Activity.Current?.TraceStateString ?? "" },
        };
        foreach (var (input, value) in function.Inputs.Zip(arguments))
        {
            var data = value is HttpContext ? new() { Http = new() } : WorkerValues.ToWorker(value);
            request.InputData.Add(new ParameterBinding { Name = WorkerFunction.NameOf(input), Data = data });
        }

        foreach (var (key, value) in binder.BindingData)
        {
            if (value is not null and not HttpContext && key != "sys")
                request.TriggerMetadata[key] = WorkerValues.ToWorker(value);
        }

        if (arguments[0] is HttpContext http)
        {
            foreach (var (key, value) in http.Request.RouteValues)
                request.TriggerMetadata[key] = WorkerValues.ToWorker(value);
        }

        return request;
    }

    /// <summary>
    /// The request goes to the worker's own server, which pairs it with the invocation; the answer comes back the same
    /// way.
    /// </summary>
    private async Task<InvocationResponse> AnswerAsync(
        HttpContext http, WorkerChannel channel, InvocationRequest request, CancellationToken cancellationToken)
    {
        // A request that waits is to be answered before the host has stopped.
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken, http.RequestAborted, lifetime.ApplicationStopping);
        var answered = channel.InvokeAsync(request, abandoned.Token);
        var forwarded = forwarding.SendAsync(http, channel.Http, request.InvocationId);
        await Task.WhenAny(forwarded, answered);
        if (forwarded.IsFaulted)
            await abandoned.CancelAsync(); // or the worker would wait for the request
        // Both use the request; where both fail, the worker knows why.
        await Task.WhenAll(answered, forwarded).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var response = await answered;
        await forwarded;
        return response;
    }
}
