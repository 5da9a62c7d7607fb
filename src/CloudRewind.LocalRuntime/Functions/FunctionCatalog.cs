using System.Reflection;
using CloudRewind.LocalRuntime.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Functions;

/// <summary>The functions of an app, by name.</summary>
internal sealed class FunctionCatalog
{
    private const BindingFlags AnyMethod =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private readonly Dictionary<string, LocalFunction> _byName;

    private FunctionCatalog(Dictionary<string, LocalFunction> byName) => _byName = byName;

    /// <summary>Every function, in the case-insensitive order of names that decides which route is asked first.</summary>
    public IEnumerable<LocalFunction> All => _byName.Values.OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds the functions among the methods of the types.</summary>
    /// <exception cref="LocalRuntimeStartException">A function cannot be bound, or two have one name.</exception>
    public static FunctionCatalog Find(IEnumerable<Type> types)
    {
        var byName = new Dictionary<string, LocalFunction>(StringComparer.OrdinalIgnoreCase);
        foreach (var method in types.SelectMany(t => t.GetMethods(AnyMethod)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is not { } attribute)
                continue;
            if (!byName.TryAdd(attribute.Name, Describe(attribute.Name, method)))
                throw new LocalRuntimeStartException($"Two functions have the name '{attribute.Name}'.");
        }

        return new FunctionCatalog(byName);
    }

    /// <summary>The function of this name and kind, or null.</summary>
    public LocalFunction? Get(FunctionKind kind, string? name) =>
        name is not null && _byName.TryGetValue(name, out var function) && function.Kind == kind ? function : null;

    private static LocalFunction Describe(string name, MethodInfo method)
    {
        var parameters = method.GetParameters();
        var triggers = parameters.SelectMany(p => p.GetCustomAttributes().Where(IsTrigger).Select(a => (Parameter: p, Trigger: a))).ToList();
        if (triggers is not [var (triggered, trigger)])
            throw Cannot(name, "it needs exactly one trigger");
        if (method.ContainsGenericParameters || (!method.IsStatic && method.DeclaringType!.IsAbstract))
            throw Cannot(name, "its type cannot be created, or it is generic");

        var (kind, type) = trigger switch
        {
            HttpTriggerAttribute => (FunctionKind.Http, typeof(HttpRequest)),
            OrchestrationTriggerAttribute => (FunctionKind.Orchestrator, typeof(TaskOrchestrationContext)),
            TimerTriggerAttribute => (FunctionKind.Timer, typeof(TimerInfo)),
            _ => (FunctionKind.Activity, triggered.ParameterType),
        };
        if (triggered.ParameterType != type)
            throw Cannot(name, $"the parameter '{triggered.Name}' must be of type {type.Name}");

        var route = trigger is HttpTriggerAttribute http ? RouteOf(name, http) : null;
        if (kind == FunctionKind.Http && !ReturnsResult(method.ReturnType))
            throw Cannot(name, $"an HTTP function returns IResult, Task<IResult> or Task, and not {method.ReturnType.Name}");

        return new LocalFunction(name)
        {
            Kind = kind,
            Method = method,
            Route = route,
            Schedule = (trigger as TimerTriggerAttribute)?.Schedule,
            Parameters = [.. parameters.Select(p => ParameterBinding.For(name, p, kind, route))],
        };
    }

    private static bool IsTrigger(Attribute attribute) =>
        attribute is HttpTriggerAttribute or OrchestrationTriggerAttribute or ActivityTriggerAttribute or TimerTriggerAttribute;

    private static bool ReturnsResult(Type type)
    {
        if (type == typeof(void) || type == typeof(Task) || type == typeof(ValueTask))
            return true;
        var isTask = type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(Task<>) || type.GetGenericTypeDefinition() == typeof(ValueTask<>));
        return typeof(IResult).IsAssignableFrom(isTask ? type.GetGenericArguments()[0] : type);
    }

    private static HttpRoute RouteOf(string name, HttpTriggerAttribute trigger)
    {
        try
        {
            return new HttpRoute(trigger.Route ?? name, trigger.Methods ?? []);
        }
        catch (NotSupportedException e)
        {
            throw Cannot(name, e.Message);
        }
    }

    internal static LocalRuntimeStartException Cannot(string name, string why) =>
        new($"The function '{name}' cannot be run: {why}.");
}
