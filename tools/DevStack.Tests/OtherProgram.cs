using System.Globalization;
using System.Runtime.InteropServices;
using CloudRewind.TestSupport;
using Microsoft.Extensions.Logging;

namespace CloudRewind.DevStack.Tests;

/// <summary>What <see cref="OtherProcess"/> runs.</summary>
internal static class OtherProgram
{
    public const string Storage = "storage";
    public const string Lock = "lock";
    public const string Ready = "Ready";
    public const string ReadyWithOwn = "Ready, with its own Azurite";

    private static Task Main(string[] arguments) => arguments switch
    {
        [Storage, var folder, var blob, var queue, var table] =>
            RunStorageAsync(folder, new AzuritePorts(Number(blob), Number(queue), Number(table))),
        [Lock, var path] => HoldLockAsync(path),
        _ => throw new ArgumentException(string.Join(' ', arguments), nameof(arguments)),
    };

    /// <summary>A host that has nothing but its storage. It ends in order on the signals that a host hears.</summary>
    private static async Task RunStorageAsync(string folder, AzuritePorts ports)
    {
        var end = new TaskCompletionSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, End);
        using var loggers = LoggerFactory.Create(builder => builder.AddSimpleConsole(console => console.SingleLine = true));
        var options = new AzuriteOptions(Repository.Root, folder, ports);
        await using var storage = await DevelopmentStorage.StartAsync(options, loggers.CreateLogger("storage"), CancellationToken.None);
        Console.WriteLine(storage.Own is null ? Ready : ReadyWithOwn);
        await end.Task;

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            end.TrySetResult();
        }
    }

    private static async Task HoldLockAsync(string path)
    {
        await using var held = await FileLock.AcquireAsync(path, CancellationToken.None);
        Console.WriteLine(Ready);
        await Task.Delay(Timeout.Infinite);
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
