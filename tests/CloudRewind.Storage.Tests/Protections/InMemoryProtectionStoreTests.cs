using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Protections;

public sealed class InMemoryProtectionStoreTests() : ProtectionStoreContract(new InMemoryBench());
