using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Protections;

public sealed class InMemoryActTests() : ActContract(new InMemoryBench());
