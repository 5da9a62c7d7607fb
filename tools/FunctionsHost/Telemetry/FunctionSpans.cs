using System.Diagnostics;
using Microsoft.Azure.WebJobs.Host.Abstractions;
using Microsoft.Azure.WebJobs.Host.Executors;

namespace CloudRewind.FunctionsHost.Telemetry;

/// <summary>
/// As the Azure Functions host does: a function has a span of its own where its trigger has not begun one, as a timer
/// has not.
/// </summary>
internal sealed class FunctionSpans : IActivitySourceAbstraction, IDisposable
{
    /// <summary>The name of their source.</summary>
    public const string Source = "Microsoft.Azure.WebJobs";

    private readonly ActivitySource source = new(Source);

    /// <inheritdoc/>
    public IDisposable? StartActivity(IFunctionInstanceEx functionInstance) =>
        Activity.Current is null ? source.StartActivity(functionInstance.FunctionDescriptor.LogName, ActivityKind.Server) : null;

    /// <inheritdoc/>
    public void Dispose() => source.Dispose();
}
