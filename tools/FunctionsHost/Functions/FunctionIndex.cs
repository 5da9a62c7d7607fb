using CloudRewind.FunctionsHost.Worker;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;

#pragma warning disable CS0618 // See FunctionClass.

namespace CloudRewind.FunctionsHost.Functions;

/// <summary>The functions of the app, once the worker has told them; and the class in which the WebJobs SDK finds them.</summary>
internal sealed class FunctionIndex : ITypeLocator
{
    private readonly Lazy<IReadOnlyDictionary<string, WorkerFunction>> functions;
    private readonly Lazy<Type> hostClass;

    public FunctionIndex(WorkerSupervisor worker, HostSettings settings, IServiceProvider services)
    {
        functions = new(
            () =>
                worker.Functions.Select(metadata => new WorkerFunction(metadata)).ToDictionary(
                    function => function.Name, StringComparer.OrdinalIgnoreCase));
        hostClass = new(
            () => FunctionClass.Create(Functions, settings.FunctionTimeout, services.GetRequiredService<IJobHostMetadataProvider>()));
    }

    /// <summary>All of them, in the order in which the Azure Functions host tries their routes: by name.</summary>
    public IReadOnlyList<WorkerFunction> Functions =>
        [.. functions.Value.Values.OrderBy(function => function.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The one of this name.</summary>
    public WorkerFunction Find(string name) => functions.Value[name];

    IReadOnlyList<Type> ITypeLocator.GetTypes() => [hostClass.Value];
}
