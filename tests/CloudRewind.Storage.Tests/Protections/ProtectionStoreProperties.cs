using CloudRewind.Domain;
using CloudRewind.Domain.Assemblies;
using CloudRewind.Domain.Protections;
using CloudRewind.Domain.Retention;
using CloudRewind.Storage.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace CloudRewind.Storage.Tests.Protections;

/// <summary>
/// Drives a store with random interleavings of creators, writers, duplicates, stale writers and crashes, and checks after each round
/// the rules that hold at every instant.
/// </summary>
public abstract class ProtectionStoreProperties(IStoreBench bench, ITestOutputHelper output)
{
    private const int Workers = 4;
    private static readonly string[] Keys = ["a", "b"];
    private static readonly Actor Person = new("alice", "token", "request");
    private static readonly Actor Rule = Actor.Retention("look");

    private static readonly Gen<Step> Steps =
        from worker in Gen.Int[0, Workers - 1]
        from action in Gen.Frequency(
            (4, Gen.Const(Do.Create)),
            (2, Gen.Const(Do.CreateWithKey)),
            (12, Gen.Const(Do.Move)),
            (4, Gen.Const(Do.Repeat)),
            (3, Gen.Const(Do.Look)),
            (2, Gen.Const(Do.MoveIllegally)),
            (2, Gen.Const(Do.RequestPrune)),
            (3, Gen.Const(Do.EndRetention)),
            (1, Gen.Const(Do.Cancel)),
            (2, Gen.Const(Do.Lock)),
            (2, Gen.Const(Do.Unlock)),
            (2, Gen.Const(Do.Report)))
        from choice in Gen.Int[0, 100]
        from fault in Gen.Frequency(
            (6, Gen.Const(Fault.None)), (1, Gen.Const(Fault.CrashBefore)), (2, Gen.Const(Fault.CrashAfter)), (2, Gen.Const(Fault.LostAnswer)))
        from write in Gen.Int[0, 1]
        select new Step(worker, action, choice, fault, write);

    private enum Do
    {
        Create,
        CreateWithKey,
        Move,
        MoveIllegally,
        Repeat,
        Look,
        RequestPrune,
        EndRetention,
        Cancel,
        Lock,
        Unlock,
        Report,
    }

    [Fact]
    public async Task Whatever_repeats_or_crashes_the_rules_hold()
    {
        var recorded = 0;
        await Steps.Array[3].Array[8, 24].SampleAsync(
            async rounds =>
            {
                var scene = new Scene(bench);
                foreach (var round in rounds)
                {
                    await Task.WhenAll([scene.WatchAsync(), .. round.DistinctBy(step => step.Worker).Select(scene.DoAsync)]);
                    await scene.CheckAsync();
                }

                Interlocked.Add(ref recorded, scene.Recorded);
            },
            iter: 60,
            threads: 1);
        output.WriteLine($"{recorded} transitions recorded");
        Assert.True(recorded > 150, $"Only {recorded} transitions were recorded: the steps do not drive the store.");
    }

    /// <param name="Worker">Who does it.</param>
    /// <param name="Action">What.</param>
    /// <param name="Choice">Which of the possibilities.</param>
    /// <param name="Fault">What happens on the way.</param>
    /// <param name="Write">To which of the writes it happens.</param>
    private sealed record Step(int Worker, Do Action, int Choice, Fault Fault, int Write);

    private sealed class Scene(IStoreBench bench)
    {
        private readonly AssemblyKey assembly = StorageFixture.NewAssembly();
        private readonly IProtectionStore store = bench.Store;
        private readonly Protection?[] views = new Protection?[Workers]; // what each worker believes; it may be stale
        private readonly ProtectionTransition?[] last = new ProtectionTransition?[Workers];
        private readonly Dictionary<ProtectionId, List<ProtectionTransition>> seen = [];
        private int ticks;

        public int Recorded { get; private set; }

        public async Task DoAsync(Step step)
        {
            var writes = 0;
            var own = bench.StoreThrough(() => writes++ == step.Write ? step.Fault : Fault.None);
            try
            {
                await DoAsync(step, own);
            }
            catch (CrashException)
            {
                // The process starts again and knows nothing; durable orchestrations repeat what they were at, with the same content.
                if (step.Action is Do.Move && last[step.Worker] is { } interrupted)
                    await RecordAsync(step.Worker, store, interrupted);
                else if (step.Action is Do.CreateWithKey)
                    await CreateAsync(step.Worker, store, Keys[step.Choice % Keys.Length]);
            }
        }

        /// <summary>Reads the newest protection while others write it: its status has its transition on record.</summary>
        public async Task WatchAsync()
        {
            var page = await store.ListAsync(new ProtectionQuery(assembly, 0, long.MaxValue, 0, 1), CancellationToken.None);
            foreach (var protection in page.Items)
            {
                var timeline = await store.GetTimelineAsync(protection.Id, CancellationToken.None);
                Assert.Contains(timeline, transition => transition.Sequence == protection.Sequence && transition.To == protection.Status);
            }
        }

        public async Task CheckAsync()
        {
            var all = (await store.ListAsync(new ProtectionQuery(assembly, 0, long.MaxValue, 0, 1_000), CancellationToken.None)).Items;
            Assert.True(all.Count(protection => protection.Status.IsRunning()) <= 1, "two protections of the assembly run");
            Assert.All(seen.Keys, id => Assert.Contains(all, protection => protection.Id == id));

            foreach (var protection in all)
            {
                var timeline = await store.GetTimelineAsync(protection.Id, CancellationToken.None);
                Assert.Equal(Enumerable.Range(0, timeline.Count), timeline.Select(transition => transition.Sequence));
                Assert.All(timeline, transition => Assert.True(Lifecycle.Allows(transition.From, transition.To), $"{transition.From} to {transition.To}"));
                Assert.Equal([null, .. timeline.SkipLast(1).Select(transition => (ProtectionStatus?)transition.To)], timeline.Select(transition => transition.From));
                Assert.Equal(timeline.Select(transition => transition.At).Order(), timeline.Select(transition => transition.At));
                Assert.Equal(
                    (timeline[^1].To, timeline[^1].Sequence, timeline[^1].At, timeline[^1].Counts),
                    (protection.Status, protection.Sequence, protection.UpdatedAt, protection.Counts));

                // What was on record once stays as it was: a status never goes back.
                var before = seen.GetValueOrDefault(protection.Id) ?? [];
                Assert.Equal(before, timeline.Take(before.Count));
                seen[protection.Id] = [.. timeline];

                if (!protection.Status.IsFinal())
                    Assert.True(await bench.IsWatchedAsync(protection.Id));

                var events = await store.GetEventsAsync(protection.Id, CancellationToken.None);
                Assert.Equal(Enumerable.Range(0, protection.Events), events.Select(happened => happened.Number));
                Assert.Equal(protection.Prune is null ? 0 : 1, events.Count(happened => happened.Kind == ProtectionEventKind.PruneRequested));
                Assert.Equal(
                    protection.Lock is null ? 0 : 1,
                    events.Count(happened => happened.Kind == ProtectionEventKind.Locked) - events.Count(happened => happened.Kind == ProtectionEventKind.Unlocked));
            }

            var summary = await store.GetSummaryAsync(assembly, CancellationToken.None);
            Assert.Equal(all.SingleOrDefault(protection => protection.Status.IsRunning())?.Id, summary.Running);
            Assert.Equal(all.Count == 0 ? null : all[0].Id, summary.Latest);
            Assert.Equal(all.Count(protection => protection.Lock is not null), summary.Locks);
            Assert.Equal(RecoveryPoint.Latest(all.Select(protection => protection.AsRecoveryPoint()).OfType<RecoveryPoint>()), summary.NewestGood);
            var held = await store.ListHeldAsync(assembly, 0, CancellationToken.None);
            Assert.Equal(
                all.Where(protection => protection is { Outcome: not null, Prune: null }).Select(protection => protection.Id.EpochMilliseconds).Order(),
                held.Select(copy => copy.Id.EpochMilliseconds).Order());
        }

        private async Task DoAsync(Step step, IProtectionStore own)
        {
            switch (step.Action)
            {
                case Do.Create:
                    await CreateAsync(step.Worker, own, null);
                    break;
                case Do.CreateWithKey:
                    await CreateAsync(step.Worker, own, Keys[step.Choice % Keys.Length]);
                    break;
                case Do.Move when views[step.Worker] is { } view:
                    var legal = Lifecycle.Transitions.Where(row => row.From == view.Status).ToList();
                    if (legal.Count > 0 && await MayLeaveAsync(view, own))
                        await RecordAsync(step.Worker, own, Next(step.Worker, view, legal[Math.Max(0, (step.Choice % (legal.Count + 4)) - 4)].To)); // mostly on, so that runs get far
                    break;
                case Do.MoveIllegally when views[step.Worker] is { } view:
                    var illegal = Enum.GetValues<ProtectionStatus>().Where(to => !Lifecycle.Allows(view.Status, to)).ToList();
                    Assert.Equal(RecordResult.Illegal, await own.RecordAsync(Next(step.Worker, view, illegal[step.Choice % illegal.Count]), CancellationToken.None));
                    break;
                case Do.Repeat when last[step.Worker] is { } transition:
                    await RecordAsync(step.Worker, own, transition);
                    break;
                case Do.Look or Do.Move:
                    var page = await own.ListAsync(new ProtectionQuery(assembly, 0, long.MaxValue, 0, 10), CancellationToken.None);
                    views[step.Worker] = page.Items.Count == 0 ? null : page.Items[step.Choice % page.Items.Count];
                    break;
                case Do.RequestPrune when views[step.Worker] is { } view:
                    await own.ActAsync(view.Id, (current, summary) => current.RequestPrune(summary, Requests.Now, Person), CancellationToken.None);
                    break;
                case Do.EndRetention when views[step.Worker] is { } view:
                    await own.ActAsync(view.Id, (current, summary) => current.EndRetention(summary, Requests.Now.AddYears(1), Rule), CancellationToken.None);
                    break;
                case Do.Cancel when views[step.Worker] is { } view:
                    await own.ActAsync(view.Id, (current, summary) => current.RequestCancel(summary, Requests.Now, Person), CancellationToken.None);
                    break;
                case Do.Lock when views[step.Worker] is { } view:
                    await own.ActAsync(view.Id, (current, summary) => current.SetLock(summary, Requests.Now, Person), CancellationToken.None);
                    break;
                case Do.Unlock when views[step.Worker] is { } view:
                    await own.ActAsync(view.Id, (current, summary) => current.Unlock(summary, Requests.Now, Person), CancellationToken.None);
                    break;
                case Do.Report when views[step.Worker] is { } view:
                    await own.ReportProgressAsync(view, new CaptureProgress(view.Counts, step.Choice % 101), CancellationToken.None);
                    break;
            }
        }

        // Removal is decided before it begins, as the orchestration does it.
        private static async Task<bool> MayLeaveAsync(Protection view, IProtectionStore own) =>
            !view.Status.IsOutcome()
            || (await own.ActAsync(view.Id, (current, summary) => current.RequestPrune(summary, Requests.Now, Person), CancellationToken.None))?.Protection.Prune is not null;

        private async Task CreateAsync(int worker, IProtectionStore own, string? key)
        {
            if (await own.CreateAsync(Requests.New(assembly, key), CancellationToken.None) is CreateResult.Accepted accepted)
                views[worker] = accepted.Protection;
        }

        // Each worker's clock is behind the one before.
        private ProtectionTransition Next(int worker, Protection view, ProtectionStatus to) =>
            view.Next(to, Requests.Now, $"by {worker}", new ResourceCounts(3, ticks % 4, 0)) with { At = Requests.Now.AddSeconds(Interlocked.Increment(ref ticks) - (worker * 10)) };

        private async Task RecordAsync(int worker, IProtectionStore own, ProtectionTransition transition)
        {
            if (Lifecycle.Allows(transition.From, transition.To))
                last[worker] = transition;
            var known = views[worker]?.Id == transition.Id && transition.Sequence % 2 == 0 ? views[worker] : null;
            var result = (await own.RecordAsync(transition, known, inventory: null, CancellationToken.None)).Result;
            if (result is RecordResult.Recorded or RecordResult.AlreadyRecorded)
            {
                Recorded++;
                if (views[worker] is { } view && view.Id == transition.Id && view.Sequence == transition.Sequence - 1)
                    views[worker] = view.Record(transition);
            }
            else if (transition.At.Second % 2 == 0)
            {
                views[worker] = await store.FindAsync(transition.Id, CancellationToken.None); // half of those that came too late go on from what they find
            }

            Assert.NotEqual(RecordResult.NoSuchProtection, result);
        }
    }
}
