using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace CloudRewind.DevStack;

/// <summary>Tells a process from a later one that has the same number.</summary>
internal static class ProcessIdentity
{
    private const int StateField = 0;
    private const int StartField = 19;

    /// <summary>This process.</summary>
    public static string Own { get; } = Of(Environment.ProcessId) ?? "";

    /// <summary>What no other process with this number has, or null when there is none at work.</summary>
    public static string? Of(int pid)
    {
        try
        {
            if (OperatingSystem.IsLinux())
                return OfLinux(pid);
            using var process = Process.GetProcessById(pid);
            return process.StartTime.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or IOException)
        {
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or UnauthorizedAccessException)
        {
            // It is there, and belongs to somebody else.
            return "";
        }
    }

    // Not Process: what it gives as the start moves with the clock, and it takes a killed process that nobody has waited
    // for yet for a living one.
    private static string? OfLinux(int pid)
    {
        var text = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"));
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        if (fields[StateField] is "Z" or "X")
            return null;
        return $"{File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim()}/{fields[StartField]}";
    }
}
