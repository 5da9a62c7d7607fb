using CloudRewind.Storage.Tests.Support;
using Xunit.Abstractions;

namespace CloudRewind.Storage.Tests.Protections;

[Collection(StorageTests.Name)]
public sealed class TableProtectionStorePropertyTests(StorageFixture storage, ITestOutputHelper output) : ProtectionStoreProperties(new TableBench(storage), output);
