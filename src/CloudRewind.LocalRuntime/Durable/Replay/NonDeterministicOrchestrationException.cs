namespace DurableTask.Core.Exceptions;

/// <summary>An orchestrator's code does not do again what its history says that it has done.</summary>
internal sealed class NonDeterministicOrchestrationException(string message) : Exception(message);
