using System.Diagnostics;
using System.Runtime.InteropServices;

/// <summary>
/// Runs in the worker's process before the app does (DOTNET_STARTUP_HOOKS). Ends the worker with its host, whose end
/// nothing else in a worker notices: the pipe that is its standard input ends then. And keeps the terminal's Ctrl+C
/// from it: the host stops it, after the last request has been answered.
/// </summary>
internal static class StartupHook
{
    /// <summary>The variable that makes the worker wait for a debugger, as `func start --dotnet-isolated-debug` names it.</summary>
    public const string DebuggerVariable = "FUNCTIONS_ENABLE_DEBUGGER_WAITING";

    public static void Initialize()
    {
        LeaveTerminal();
        new Thread(EndWithHost) { IsBackground = true, Name = "Host watch" }.Start();
        if (string.Equals(Environment.GetEnvironmentVariable(DebuggerVariable), "true", StringComparison.OrdinalIgnoreCase))
            WaitForDebugger();
    }

    private static void LeaveTerminal()
    {
        if (OperatingSystem.IsWindows())
            _ = SetConsoleCtrlHandler(IntPtr.Zero, add: true);
        else
            _ = CreateSession();
    }

    private static void EndWithHost()
    {
        using var input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
        }

        Process.GetCurrentProcess().Kill();
    }

    private static void WaitForDebugger()
    {
        Console.WriteLine($"The worker is process {Environment.ProcessId}, and waits for a debugger.");
        while (!Debugger.IsAttached)
            Thread.Sleep(100);
    }

    [DllImport("libc", EntryPoint = "setsid")]
    private static extern int CreateSession();

    [DllImport("kernel32")]
    private static extern bool SetConsoleCtrlHandler(IntPtr handler, bool add);
}
