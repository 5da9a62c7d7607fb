// Most of a test's time is waiting, so that more of them run at once than there are cores. Those that wait longest begin first.
[assembly: CollectionBehavior(MaxParallelThreads = 6)]
[assembly: TestCollectionOrderer("CloudRewind.EndToEnd.Tests.Support.LongestFirst", "CloudRewind.EndToEnd.Tests")]
