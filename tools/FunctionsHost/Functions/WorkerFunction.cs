using CloudRewind.FunctionsHost.Protocol;
using Newtonsoft.Json.Linq;

namespace CloudRewind.FunctionsHost.Functions;

/// <summary>A function, as the worker describes it.</summary>
internal sealed class WorkerFunction
{
    public WorkerFunction(RpcFunctionMetadata metadata)
    {
        Metadata = metadata;
        var bindings = metadata.RawBindings.Select(JObject.Parse).ToList();
        Trigger = bindings.Single(binding => TypeOf(binding).EndsWith("Trigger", StringComparison.OrdinalIgnoreCase));
        Inputs = [Trigger, .. bindings.Where(binding => binding != Trigger && IsInput(binding))];
        Kind = TypeOf(Trigger).ToUpperInvariant() switch
        {
            "HTTPTRIGGER" => TriggerKind.Http,
            "TIMERTRIGGER" => TriggerKind.Timer,
            _ => TriggerKind.Extension,
        };
    }

    /// <summary>The worker's own description.</summary>
    public RpcFunctionMetadata Metadata { get; }

    /// <summary>The function's name.</summary>
    public string Name => Metadata.Name;

    /// <summary>The binding that starts the function.</summary>
    public JObject Trigger { get; }

    /// <summary>All that the function is given, the trigger's value first.</summary>
    public IReadOnlyList<JObject> Inputs { get; }

    /// <summary>Who starts the function.</summary>
    public TriggerKind Kind { get; }

    /// <summary>The name of a binding's parameter.</summary>
    public static string NameOf(JObject binding) => binding.Value<string>("name")!;

    /// <summary>The type of a binding, such as <c>httpTrigger</c>.</summary>
    public static string TypeOf(JObject binding) => binding.Value<string>("type")!;

    private static bool IsInput(JObject binding) =>
        string.Equals(binding.Value<string>("direction"), "in", StringComparison.OrdinalIgnoreCase);
}
