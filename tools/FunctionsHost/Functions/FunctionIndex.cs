using CloudRewind.FunctionsHost.Worker;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;

#pragma warning disable CS0618 // See FunctionClass.

namespace CloudRewind.FunctionsHost.Functions;

/// <summary>The functions of the app, once the worker has told them; and the class in which the WebJobs SDK finds them.</summary>
internal sealed class FunctionIndex : ITypeLocator
{
    private readonly Lazy<IReadOnlyDictionary<string, WorkerFunction>> _functions;
    private readonly Lazy<Type> _class;

    public FunctionIndex(WorkerSupervisor worker, HostSettings settings, IServiceProvider services)
    {
        _functions = new(() => worker.Functions.Select(metadata => new WorkerFunction(metadata)).ToDictionary(function => function.Name, StringComparer.OrdinalIgnoreCase));
        _class = new(() => FunctionClass.Create(Functions, settings.FunctionTimeout, services.GetRequiredService<IJobHostMetadataProvider>()));
    }

    /// <summary>All of them, in the order in which the Azure Functions host tries their routes: by name.</summary>
    public IReadOnlyList<WorkerFunction> Functions => [.. _functions.Value.Values.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The one of this name.</summary>
    public WorkerFunction Find(string name) => _functions.Value[name];

    IReadOnlyList<Type> ITypeLocator.GetTypes() => [_class.Value];
}
