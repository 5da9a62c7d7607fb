using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestCaseOrderer("CloudRewind.EndToEnd.Tests.Support.RunTests", "CloudRewind.EndToEnd.Tests")]

namespace CloudRewind.EndToEnd.Tests.Support;

/// <summary>Knows which tests this run consists of: the runner has each class's tests ordered before it runs them. It leaves their order as it is.</summary>
public sealed class RunTests : ITestCaseOrderer
{
    private static readonly ConcurrentDictionary<(string Class, string Method), bool> Begun = [];

    /// <summary>The tests of the assembly that this run has left out so far.</summary>
    public static IEnumerable<string> LeftOut =>
        from type in typeof(RunTests).Assembly.GetTypes()
        from method in type.GetMethods()
        where method.GetCustomAttribute<FactAttribute>() is not null && !Begun.ContainsKey((type.FullName!, method.Name))
        select $"{type.Name}.{method.Name}";

    /// <inheritdoc/>
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase
    {
        foreach (var test in testCases)
        {
            Begun[(test.TestMethod.TestClass.Class.Name, test.TestMethod.Method.Name)] = true;
            yield return test;
        }
    }
}
