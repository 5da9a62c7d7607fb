using Yarp.ReverseProxy.Forwarder;

namespace CloudRewind.FunctionsHost.Http;

/// <summary>A request did not reach the worker whole, or its answer did not come back.</summary>
internal sealed class ForwardingException(ForwarderError error, Exception? cause) : Exception(
    $"The request could not be passed on to the worker: {error}.", cause);
