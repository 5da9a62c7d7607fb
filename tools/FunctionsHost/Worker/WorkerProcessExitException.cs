namespace CloudRewind.FunctionsHost.Worker;

/// <summary>
/// The worker's process ended under an invocation. The Durable extension knows it by this name: it runs an orchestrator
/// again, and has an activity fail.
/// </summary>
internal sealed class WorkerProcessExitException(int exitCode) : Exception($"The worker's process ended with exit code {exitCode}.");
