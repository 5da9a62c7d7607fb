using System.Diagnostics;
using System.Globalization;

namespace CloudRewind.DevStack;

internal static class RunningProcess
{
    /// <summary>Whether a process runs. A killed process that its parent has not waited for does not.</summary>
    public static bool Exists(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                var stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
                return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
            }

            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (Exception error) when (error is ArgumentException or IOException)
        {
            return false;
        }
    }
}
