using Microsoft.Azure.WebJobs.Host.Config;

#pragma warning disable CS0618 // The Durable extension asks for it.

namespace CloudRewind.FunctionsHost;

/// <summary>Where an extension's web hooks would be; this host serves none.</summary>
internal sealed class NoWebHooks(HostSettings settings) : IWebHookProvider
{
    /// <inheritdoc/>
    public Uri GetUrl(IExtensionConfigProvider extension) => new(settings.Addresses[0], "runtime/webhooks/none");
}
