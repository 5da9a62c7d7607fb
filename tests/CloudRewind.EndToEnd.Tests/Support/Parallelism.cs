// Most of a test's time is waiting, so that more of them run at once than there are cores.
[assembly: CollectionBehavior(MaxParallelThreads = 5)]
