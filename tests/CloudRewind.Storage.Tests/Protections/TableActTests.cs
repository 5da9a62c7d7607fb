using CloudRewind.Storage.Tests.Support;

namespace CloudRewind.Storage.Tests.Protections;

[Collection(StorageTests.Name)]
public sealed class TableActTests(StorageFixture storage) : ActContract(new TableBench(storage));
