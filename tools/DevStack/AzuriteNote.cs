using System.Text.Json;

namespace CloudRewind.DevStack;

/// <summary>
/// A file in Azurite's folder that says which process serves it, and for whom. A host that is killed leaves an Azurite
/// that still saves what it holds: the next one must neither use that one nor read the folder before it is gone.
/// </summary>
internal sealed record AzuriteNote(int Pid, string Process, int HostPid, string HostProcess)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private bool IsRunning => ProcessIdentity.Of(Pid) == Process;

    private bool IsClosing => IsRunning && ProcessIdentity.Of(HostPid) != HostProcess;

    /// <summary>Notes that this process has started the one of this number.</summary>
    public static void Write(string folder, int pid) => Write(folder, pid, Environment.ProcessId);

    /// <summary>Notes that this process ends the one of this number.</summary>
    public static void WriteClosing(string folder, int pid) => Write(folder, pid, hostPid: 0);

    /// <summary>Waits until the folder's last Azurite has ended, if it is about to.</summary>
    public static async Task WaitForEndAsync(string folder, CancellationToken cancellationToken)
    {
        var note = Read(folder);
        for (var waited = TimeSpan.Zero; note is { IsClosing: true } && waited < Limit; waited += Pause)
            await Task.Delay(Pause, cancellationToken);
    }

    private static void Write(string folder, int pid, int hostPid)
    {
        var note = new AzuriteNote(pid, ProcessIdentity.Of(pid) ?? "", hostPid, ProcessIdentity.Own);
        File.WriteAllText(PathIn(folder), JsonSerializer.Serialize(note));
    }

    private static AzuriteNote? Read(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<AzuriteNote>(File.ReadAllText(PathIn(folder)));
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private static string PathIn(string folder) => Path.Combine(folder, "azurite-process.json");
}
