using CloudRewind.LocalRuntime;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The entry to a function app.</summary>
public class FunctionsApplication
{
    private FunctionsApplication()
    {
    }

    /// <summary>
    /// Begins an app: reads <c>local.settings.json</c>, the environment and the command line, in this order, and adds
    /// logging. The assembly that holds the program's entry point is the one whose functions run.
    /// </summary>
    /// <param name="args">The command line.</param>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(new LocalRuntimeOptions { Args = args });
}
