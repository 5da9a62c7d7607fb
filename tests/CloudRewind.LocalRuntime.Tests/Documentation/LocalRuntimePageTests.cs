using System.Reflection;
using System.Text.RegularExpressions;
using CloudRewind.LocalRuntime.Tests.Durable;
using CloudRewind.TestSupport;
using Microsoft.DurableTask;

namespace CloudRewind.LocalRuntime.Tests.Documentation;

/// <summary>docs/local-runtime.md says what is so.</summary>
public sealed partial class LocalRuntimePageTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "local-runtime.md"));

    [Fact]
    public void Every_file_that_it_names_exists()
    {
        var links = Link().Matches(s_page).Select(m => m.Groups[1].Value).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(File.Exists(Path.Combine(Repository.Root, "docs", link)), link));
    }

    [Fact]
    public void Every_departure_has_a_test_and_every_test_of_one_is_named()
    {
        var rows = RowsUnder("## Where it departs from Durable Functions, on purpose");
        var named = rows.Select(r => Quoted().Match(r[^1]).Groups[1].Value).ToList();
        var tests = typeof(LocalRuntimePageTests).Assembly.GetTypes().SelectMany(t => t.GetMethods())
            .Where(m => m.GetCustomAttribute<FactAttribute>() is not null)
            .ToLookup(m => m.Name, m => m.DeclaringType);
        Assert.All(named, test => Assert.True(tests.Contains(test), $"There is no test '{test}'."));
        Assert.Empty(tests.Where(t => t.Contains(typeof(DepartureTests))).Select(t => t.Key).Except(named));
    }

    [Fact]
    public void What_it_calls_not_declared_is_not_declared()
    {
        var types = typeof(TaskOptions).Assembly.GetTypes().ToLookup(t => t.Name.Split('`')[0]);
        var rows = RowsUnder("### Not declared");
        Assert.NotEmpty(rows);
        foreach (var row in rows)
        {
            var names = Quoted().Matches(row[1]).Select(m => m.Groups[1].Value).ToList();
            Assert.NotEmpty(names);
            if (row[0].Trim() == "whole types")
            {
                Assert.All(names, name => Assert.False(types.Contains(name), name));
                continue;
            }

            var type = Assert.Single(types[Quoted().Match(row[0]).Groups[1].Value]);
            Assert.All(names, name => Assert.True(type.GetMember(name, Declared).Length == 0, $"{type.Name}.{name}"));
        }
    }

    private static List<string[]> RowsUnder(string heading)
    {
        var section = s_page[(s_page.IndexOf(heading, StringComparison.Ordinal) + heading.Length)..];
        return [.. section.Split('\n')
            .SkipWhile(line => !line.StartsWith('|'))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => line.Trim('|', ' ').Split(" | "))];
    }

    [GeneratedRegex(@"\]\(((?!http)[^)#]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
