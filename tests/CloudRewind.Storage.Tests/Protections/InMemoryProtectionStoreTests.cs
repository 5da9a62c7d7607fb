using CloudRewind.Storage.Tests.Support;
using Xunit.Abstractions;

namespace CloudRewind.Storage.Tests.Protections;

public sealed class InMemoryProtectionStoreTests() : ProtectionStoreContract(new InMemoryBench());

public sealed class InMemoryProtectionStorePropertyTests(ITestOutputHelper output) : ProtectionStoreProperties(new InMemoryBench(), output);
