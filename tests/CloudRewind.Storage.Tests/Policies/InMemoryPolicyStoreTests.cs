using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Policies;

public sealed class InMemoryPolicyStoreTests() : PolicyStoreContract(new InMemoryBench());
