using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CloudRewind.Benchmarks.Support;

/// <summary>The hosts that this program has started. They would go on where it is told to end; their workers end with them.</summary>
internal static class Children
{
    private const int EndedBySignal = 130;

    private static readonly ConcurrentDictionary<object, Func<int>> Hosts = [];

    /// <param name="owner">By what it is known.</param>
    /// <param name="hostId">Tells the number of its process.</param>
    public static void Add(object owner, Func<int> hostId) => Hosts[owner] = hostId;

    public static void Remove(object owner) => Hosts.TryRemove(owner, out _);

    /// <summary>Ends them from now on when this program is told to end.</summary>
    public static IDisposable EndOnSignals()
    {
        PosixSignal[] signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];
        PosixSignalRegistration[] all = [.. signals.Select(signal => PosixSignalRegistration.Create(signal, EndAll))];
        return new Registrations(all);
    }

    private static void EndAll(PosixSignalContext context)
    {
        context.Cancel = true;
        foreach (var hostId in Hosts.Values)
        {
            try
            {
                using var host = Process.GetProcessById(hostId());
                host.Kill();
            }
            catch (Exception error)
                when (error is ArgumentException or InvalidOperationException or NullReferenceException or Win32Exception)
            {
                // It has not been started, or has gone.
            }
        }

        Environment.Exit(EndedBySignal);
    }

    private sealed class Registrations(PosixSignalRegistration[] all) : IDisposable
    {
        public void Dispose()
        {
            foreach (var registration in all)
                registration.Dispose();
        }
    }
}
