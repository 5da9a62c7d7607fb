using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Net.Http.Headers;

namespace CloudRewind.FunctionsHost;

/// <summary>The console and the server of the host.</summary>
internal static class HostComposition
{
    private const long LargestBody = 100L * 1024 * 1024; // as the Azure Functions host

    // What the SDKs below say of each request, invocation and storage call.
    private static readonly string[] Quiet = ["Azure", "DurableTask", "Function", "Grpc", "Host", "Microsoft", "System", "Yarp"];

    /// <summary>One line an entry, in UTC. host.json decides on levels, then the section Logging.</summary>
    public static void AddHostConsole(this ILoggingBuilder logging, IConfiguration configuration)
    {
        foreach (var category in Quiet)
            logging.AddFilter(category, LogLevel.Warning);
        logging.AddConfiguration(configuration.GetSection($"{HostSettings.HostJsonSection}:logging"));
        // A 404 where something is looked for, and keys that nothing is encrypted with.
        logging.AddFilter("Azure.Core", LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);
        // Function.* and the worker have said it.
        logging.AddFilter("Host.Results", LogLevel.None);
        // Program.cs says in one line why a start failed.
        logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.AddConsole(console => console.FormatterName = ConsoleLines.FormatterName);
        logging.AddConsoleFormatter<ConsoleLines, ConsoleFormatterOptions>();
    }

    /// <summary>Kestrel on the addresses that the settings name.</summary>
    public static void AddHostServer(this ConfigureWebHostBuilder web, HostSettings settings)
    {
        web.UseKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            // Latin 1 keeps every byte as it is: whether a value is valid UTF-8 is for the app to answer.
            kestrel.RequestHeaderEncodingSelector = name => name == HeaderNames.ContentLength ? DigitsOnly.Instance : Encoding.Latin1;
            foreach (var address in settings.Addresses)
            {
                if (address.Host == "localhost")
                    kestrel.ListenLocalhost(address.Port, Http1);
                else
                    kestrel.Listen(System.Net.IPAddress.Parse(address.DnsSafeHost), address.Port, Http1);
            }
        });

        static void Http1(ListenOptions endpoint) => endpoint.Protocols = HttpProtocols.Http1;
    }

    /// <summary>Content-Length as RFC 9110, 8.6 has it. The server takes a sign for a part of the number.</summary>
    private sealed class DigitsOnly : ASCIIEncoding
    {
        public static readonly DigitsOnly Instance = new();

        public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
        {
            if (bytes.Length <= chars.Length && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
                return base.GetChars(bytes, chars);
            chars[0] = '?'; // which is no number
            return 1;
        }
    }
}
