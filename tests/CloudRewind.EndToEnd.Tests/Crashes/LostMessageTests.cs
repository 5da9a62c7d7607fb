using System.Collections.Concurrent;
using System.Globalization;

namespace CloudRewind.EndToEnd.Tests.Crashes;

/// <summary>The engine loses one of the messages that drive an orchestration, and goes on saying that it runs: the watchdog replaces it.</summary>
public sealed class LostMessageTests(LostMessageTests.LossyQueues fixture) : IClassFixture<LostMessageTests.LossyQueues>
{
    public static TheoryData<int> Positions => [.. Enumerable.Range(1, LossyQueues.MessagesOfProtection)];

    public static TheoryData<int> PositionsOfDeletion => [.. Enumerable.Range(1, LossyQueues.MessagesOfDeletion)];

    [OwnProcessTheory]
    [MemberData(nameof(Positions))]
    public async Task A_protection_ends_whichever_of_its_messages_is_lost(int position)
    {
        var (client, id) = fixture.Protections[position - 1];

        await client.WatchAsync(id, "elapsed");

        // How often it waits before its retention ends, and so how many messages it has, is up to the machine's speed.
        Assert.True(
            fixture.HasLost(LossyQueues.StartOf(client.Address)) || position > LossyQueues.MessagesUntilTheOutcome,
            $"no message was lost at position {position}");
        await fixture.App.Tables.HasTimelineAsync(id, [.. TimelineAssert.Captured, "success", "elapsed"]);
        Assert.Empty(await fixture.App.Tables.SimulatedAsync(id));
    }

    // On a slow machine the engine itself repeats a turn now and then, and sends its lost message again.
    [OwnProcessFact]
    public async Task Orchestrations_that_lose_a_message_before_their_first_wait_are_replaced()
    {
        List<string?> events = [];
        foreach (var (client, id) in fixture.Protections.Take(LossyQueues.MessagesBeforeTheFirstWait))
        {
            await client.WatchAsync(id, "elapsed");
            events.AddRange((await client.TimelineAsync(id)).GetProperty("events").EnumerateArray().Select(happened => happened.GetProperty("kind").GetString()));
        }

        Assert.Contains("orchestration-replaced", events);
    }

    [OwnProcessTheory]
    [MemberData(nameof(PositionsOfDeletion))]
    public async Task A_deletion_ends_whichever_of_its_messages_is_lost(int position)
    {
        var client = fixture.Deletions[position - 1];

        await Eventually.GetAsync(
            () => client.GetAsync(client.Address.Path), answer => answer.Json.GetProperty("status").GetString() == "deleted", "the assembly to be deleted");

        Assert.True(fixture.HasLost(LossyQueues.DeletionOf(client.Address)), $"no message was lost at position {position}");
    }

    public sealed class LossyQueues : OwnAppFixture
    {
        // Its start; three activities and their results up to the outcome with a timer between them, and half as many from there to the end of its retention.
        internal const int MessagesOfProtection = 12;

        // Its start; three activities and their results, if all is captured at the first look.
        internal const int MessagesUntilTheOutcome = 7;

        // Its start; two activities and their results. A wait is ended by the event that the watchdog raises first.
        internal const int MessagesBeforeTheFirstWait = 5;

        // Its start; two activities and their results; the third, whose result comes when all is done.
        internal const int MessagesOfDeletion = 6;

        private readonly ConcurrentDictionary<string, (int Position, int Sent)> watched = [];
        private readonly ConcurrentDictionary<string, int> lost = [];
        private StorageEmulator storage = null!;
        private StorageProxy queues = null!;

        internal (ApiClient Client, string Id)[] Protections { get; private set; } = [];

        internal ApiClient[] Deletions { get; private set; } = [];

        internal bool HasLost(string instance) => lost.ContainsKey(instance);

        /// <summary>What the id of every protection of the assembly begins with.</summary>
        internal static string StartOf(AssemblyAddress address) => string.Create(CultureInfo.InvariantCulture, $"t{address.AccountId}:");

        internal static string DeletionOf(AssemblyAddress address) =>
            string.Create(CultureInfo.InvariantCulture, $"delete:{address.AccountId}:{address.ProjectId}:{address.CloudAssemblyId}");

        public override async Task DisposeAsync()
        {
            await base.DisposeAsync();
            if (queues is not null)
                await queues.DisposeAsync();
        }

        private protected override async Task<App> StartAsync()
        {
            storage = await StorageEmulator.StartAsync();
            queues = await StorageProxy.StartAsync(storage.QueuePort);
            queues.Records = false;
            queues.Faults = Fault;
            return await App.StartAsync(storage, queues, ("Watchdog__Patience", "00:00:01"));
        }

        private protected override async Task ArrangeAsync()
        {
            Protections = await Task.WhenAll(Enumerable.Range(1, MessagesOfProtection).Select(async position =>
            {
                var client = App.NewAssembly();
                watched[StartOf(client.Address)] = (position, 0);
                return (client, await client.ProtectAsync(["sim-ok-a"], "PT10S"));
            }));
            Deletions = await Task.WhenAll(Enumerable.Range(1, MessagesOfDeletion).Select(async position =>
            {
                var client = App.NewAssembly();
                await client.PutAssemblyAsync("sim-ok-a");
                watched[DeletionOf(client.Address)] = (position, 0);
                Assert.Equal(202, (await client.SendAsync(HttpMethod.Delete, client.Address.Path)).Status);
                return client;
            }));
        }

        private StorageFault? Fault(StorageRequest request)
        {
            if (request.Body.Length == 0 || watched.Keys.FirstOrDefault(key => request.Body.Contains(key, StringComparison.Ordinal)) is not { } instance)
                return null;
            var (position, sent) = watched.AddOrUpdate(instance, default((int, int)), (_, before) => (before.Position, before.Sent + 1));
            if (sent != position)
                return null;
            lost[instance] = position;
            return new StorageFault.Lost();
        }
    }
}
