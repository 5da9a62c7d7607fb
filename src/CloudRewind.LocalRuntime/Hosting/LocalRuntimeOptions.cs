using System.Reflection;

namespace CloudRewind.LocalRuntime;

/// <summary>What a test sets differently from a program.</summary>
internal sealed record LocalRuntimeOptions
{
    /// <summary>The command line.</summary>
    public string[] Args { get; init; } = [];

    /// <summary>The assembly with the functions and the <see cref="LocalRuntimeStartupAttribute"/>.</summary>
    public Assembly? App { get; init; } = Assembly.GetEntryAssembly();

    /// <summary>The types with the functions; all of <see cref="App"/> where there are none.</summary>
    public IReadOnlyList<Type>? FunctionTypes { get; init; }

    /// <summary>The folder with host.json and the program.</summary>
    public string BaseDirectory { get; init; } = AppContext.BaseDirectory;

    /// <summary>Stands above the environment variables and below the command line.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; init; } = new Dictionary<string, string?>();

    /// <summary>Whether a start that is refused throws, instead of ending the program with a message.</summary>
    public bool ThrowOnRefusal { get; init; }
}
