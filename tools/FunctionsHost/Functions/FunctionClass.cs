using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Description;
using Microsoft.Azure.WebJobs.Host;
using Newtonsoft.Json.Linq;
using Binder = Microsoft.Azure.WebJobs.Binder;
using ExecutionContext = Microsoft.Azure.WebJobs.ExecutionContext;

#pragma warning disable CS0618 // The metadata provider is what the Azure Functions host itself uses for this.

namespace CloudRewind.FunctionsHost.Functions;

/// <summary>
/// The worker's functions as the WebJobs SDK wants them: one public method each, with the attributes of the bindings on
/// its parameters. The class is made at run time; each method hands its arguments to
/// <see cref="FunctionsOfWorker.RunAsync"/>. What this host triggers itself is called with the trigger's value.
/// </summary>
internal static class FunctionClass
{
    /// <summary>Makes the class.</summary>
    /// <exception cref="HostStartException">A function has a binding of an extension that this host does not have.</exception>
    public static Type Create(IEnumerable<WorkerFunction> functions, TimeSpan? timeout, IJobHostMetadataProvider bindings)
    {
        var type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("WorkerFunctions"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("WorkerFunctions")
            .DefineType("Functions", TypeAttributes.Public, typeof(FunctionsOfWorker));
        if (timeout is { } limit)
            type.SetCustomAttribute(Copy(new TimeoutAttribute(limit.ToString()) { ThrowOnTimeout = true, TimeoutWhileDebugging = true }));
        AddConstructor(type);
        foreach (var function in functions)
            AddMethod(type, function, [.. function.Inputs.Select(input => ParameterOf(function, input, bindings))]);
        return type.CreateType();
    }

    private static Parameter ParameterOf(WorkerFunction function, JObject input, IJobHostMetadataProvider bindings)
    {
        var name = WorkerFunction.NameOf(input);
        if (input == function.Trigger && function.Kind is not TriggerKind.Extension)
            return new Parameter(name, function.Kind is TriggerKind.Http ? typeof(HttpContext) : typeof(string), null);
        var type = bindings.GetAttributeTypeFromName(WorkerFunction.TypeOf(input))
            ?? throw new HostStartException(
                $"The function {function.Name} has the binding '{WorkerFunction.TypeOf(input)}'; " +
                "this host has HTTP, timers and Durable only.");
        var attribute = bindings.GetAttribute(type, input);
        return new Parameter(name, bindings.GetDefaultType(attribute, FileAccess.Read, typeof(object)), attribute);
    }

    private static void AddConstructor(TypeBuilder type)
    {
        var inherited = typeof(FunctionsOfWorker).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic).Single();
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(IServiceProvider)]);
        var code = constructor.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Call, inherited);
        code.Emit(OpCodes.Ret);
    }

    private static void AddMethod(TypeBuilder type, WorkerFunction function, IReadOnlyList<Parameter> inputs)
    {
        Parameter[] parameters =
        [
            .. inputs,
            new("_binder", typeof(Binder), null),
            new("_context", typeof(ExecutionContext), null),
            new("_cancellation", typeof(CancellationToken), null),
        ];
        var returnsValue = inputs[0].Attribute?.GetType().GetCustomAttribute<BindingAttribute>()!.TriggerHandlesReturnValue ?? false;
        var method = type.DefineMethod(
            function.Name,
            MethodAttributes.Public,
            returnsValue ? typeof(Task<object>) : typeof(Task),
            [.. parameters.Select(parameter => parameter.Type)]);
        method.SetCustomAttribute(Copy(new FunctionNameAttribute(function.Name)));
        if (inputs[0].Attribute is null)
            method.SetCustomAttribute(Copy(new NoAutomaticTriggerAttribute()));

        var code = method.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldstr, function.Name);
        code.Emit(OpCodes.Ldc_I4, parameters.Length);
        code.Emit(OpCodes.Newarr, typeof(object));
        for (var index = 0; index < parameters.Length; index++)
        {
            var parameter = method.DefineParameter(index + 1, ParameterAttributes.None, parameters[index].Name);
            if (parameters[index].Attribute is { } attribute)
                parameter.SetCustomAttribute(Copy(attribute));
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldc_I4, index);
            code.Emit(OpCodes.Ldarg, index + 1);
            if (parameters[index].Type.IsValueType)
                code.Emit(OpCodes.Box, parameters[index].Type);
            code.Emit(OpCodes.Stelem_Ref);
        }

        code.Emit(OpCodes.Call, typeof(FunctionsOfWorker).GetMethod(nameof(FunctionsOfWorker.RunAsync))!);
        code.Emit(OpCodes.Ret);
    }

    /// <summary>
    /// What makes an attribute like this one: the longest constructor whose parameters are named as its properties, and
    /// the other properties.
    /// </summary>
    private static CustomAttributeBuilder Copy(Attribute attribute)
    {
        var values = attribute.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(property => property.Name != nameof(Attribute.TypeId) && property.GetIndexParameters() is [])
            .Select(property => (Property: property, Value: property.GetValue(attribute)))
            .Where(pair => pair.Value is not null)
            .ToDictionary(pair => pair.Property.Name, StringComparer.OrdinalIgnoreCase);
        var constructor = attribute.GetType().GetConstructors()
            .Where(candidate => candidate.GetParameters().All(parameter => ArgumentOf(parameter) is not null))
            .MaxBy(candidate => candidate.GetParameters().Length)!;
        var settable = values.Values.Where(
            pair => pair is { Property.SetMethod.IsPublic: true, Value: string or Enum or bool or int or long or double }
            && Nullable.GetUnderlyingType(pair.Property.PropertyType) is null).ToArray();
        return new CustomAttributeBuilder(
            constructor,
            [.. constructor.GetParameters().Select(ArgumentOf)],
            [.. settable.Select(pair => pair.Property)],
            [.. settable.Select(pair => pair.Value)]);

        object? ArgumentOf(ParameterInfo parameter) => values.TryGetValue(parameter.Name!, out var pair)
            ? parameter.ParameterType.IsInstanceOfType(
                pair.Value) ? pair.Value : parameter.ParameterType == typeof(string) ? pair.Value!.ToString() : null
            : null;
    }

    private sealed record Parameter(string Name, Type Type, Attribute? Attribute);
}
