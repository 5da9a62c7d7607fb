using System.Runtime.ExceptionServices;
using CloudRewind.FunctionsHost.Worker;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Azure.WebJobs.Host.Timers;

namespace CloudRewind.FunctionsHost.Functions;

/// <summary>
/// As the Azure Functions host does: a function that outlives functionTimeout has failed, and its worker, in which it
/// may still run, is replaced.
/// </summary>
internal sealed class FunctionTimeouts(WorkerSupervisor worker, ILogger<FunctionTimeouts> log) : IWebJobsExceptionHandler
{
    /// <inheritdoc/>
    public void Initialize(JobHost host)
    {
    }

    /// <inheritdoc/>
    public Task OnTimeoutExceptionAsync(ExceptionDispatchInfo exceptionInfo, TimeSpan timeoutGracePeriod)
    {
        log.LogError("{Message} Its worker is ended.", exceptionInfo.SourceException.Message);
        if (exceptionInfo.SourceException is FunctionTimeoutException timeout)
            worker.EndWorkerOf(timeout.InstanceId.ToString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task OnUnhandledExceptionAsync(ExceptionDispatchInfo exceptionInfo)
    {
        log.LogError(exceptionInfo.SourceException, "An extension failed in the background");
        return Task.CompletedTask;
    }
}
