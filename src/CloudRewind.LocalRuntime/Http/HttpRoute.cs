using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace CloudRewind.LocalRuntime.Http;

/// <summary>The route and methods of an HTTP function, matched by what the real host matches with.</summary>
internal sealed class HttpRoute
{
    private readonly TemplateMatcher _matcher;
    private readonly string[] _methods;

    /// <param name="template">Text and <c>{name}</c> segments; the last may be <c>{*name}</c>, for whatever is left.</param>
    /// <param name="methods">The methods that match; none means all.</param>
    /// <exception cref="NotSupportedException">The template uses more than that.</exception>
    public HttpRoute(string template, string[] methods)
    {
        var parsed = Parse(template);
        if (!parsed.Segments.All(s => s.IsSimple) || parsed.Parameters.Any(p => p.IsOptional || p.DefaultValue is not null || p.InlineConstraints.Any()))
        {
            throw new NotSupportedException(
                $"its route '{template}' uses more than the local runtime knows: plain segments, {{name}} and a last {{*name}}");
        }

        _matcher = new TemplateMatcher(parsed, []);
        _methods = methods;
        Names = [.. parsed.Parameters.Select(p => p.Name!)];
    }

    /// <summary>The names of the route's values.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Whether a request is this function's.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="path">The request's path below the prefix.</param>
    /// <param name="values">The route's values, as they came.</param>
    public bool Matches(string method, PathString path, [NotNullWhen(true)] out Dictionary<string, string?>? values)
    {
        values = null;
        var found = new RouteValueDictionary();
        if ((_methods.Length > 0 && !_methods.Contains(method, StringComparer.OrdinalIgnoreCase)) || !_matcher.TryMatch(path, found))
            return false;
        values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in found)
            values[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
        return true;
    }

    private static RouteTemplate Parse(string template)
    {
        try
        {
            return TemplateParser.Parse(template);
        }
        catch (ArgumentException e)
        {
            throw new NotSupportedException($"its route '{template}' cannot be read ({e.Message.Split('\n')[0].Trim()})", e);
        }
    }
}
