using System.Reflection;
using CloudRewind.LocalRuntime.Durable;
using CloudRewind.LocalRuntime.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace CloudRewind.LocalRuntime.Functions;

/// <summary>Where the value of a function's parameter comes from.</summary>
internal static class ParameterBinding
{
    /// <exception cref="LocalRuntimeStartException">There is no value for this parameter.</exception>
    public static Func<LocalFunctionContext, object?> For(string function, ParameterInfo parameter, FunctionKind kind, HttpRoute? route)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<OrchestrationTriggerAttribute>() is not null)
            return context => context.Orchestration;
        if (parameter.GetCustomAttribute<ActivityTriggerAttribute>() is not null)
            return context => DurableJson.Read(context.ActivityInput, type);
        if (parameter.GetCustomAttribute<TimerTriggerAttribute>() is not null)
            return context => context.Timer;
        if (parameter.GetCustomAttribute<DurableClientAttribute>() is not null && type == typeof(DurableTaskClient))
            return context => context.InstanceServices.GetRequiredService<DurableTaskClient>();
        if (type == typeof(FunctionContext))
            return context => context;
        if (type == typeof(CancellationToken))
            return context => context.CancellationToken;
        if (kind == FunctionKind.Http && type == typeof(HttpRequest))
            return context => context.Http!.Request;
        if (kind == FunctionKind.Http && type == typeof(string) && route!.Names.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase))
            return context => context.RouteValues.GetValueOrDefault(parameter.Name!);

        throw FunctionCatalog.Cannot(function, $"nothing gives its parameter '{parameter.Name}' of type {type.Name} a value");
    }
}
