using CloudRewind.FunctionsHost.Protocol;

namespace CloudRewind.FunctionsHost.Worker;

/// <summary>What a function threw. The Durable extension reads the failure's details out of a message of exactly this form.</summary>
internal sealed class WorkerRpcException(StatusResult result)
    : Exception($"Result: {result.Status}\nException: {result.Exception?.Message}\nStack: {result.Exception?.StackTrace}");
