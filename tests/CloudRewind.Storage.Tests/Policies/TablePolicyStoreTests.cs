using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Policies;

[Collection(StorageTests.Name)]
public sealed class TablePolicyStoreTests(StorageFixture storage) : PolicyStoreContract(new TableBench(storage));
