namespace CloudRewind.Benchmarks;

/// <summary>How much of everything is measured.</summary>
internal sealed record Sizes
{
    public static Sizes Default { get; } = new();

    /// <summary>Enough to see that each measurement works.</summary>
    public static Sizes Quick { get; } = new()
    {
        WarmUp = 200,
        OneByOne = 50,
        AtOnce = 300,
        CountedLookups = 20,
        CountedProtections = 1,
        Stored = [100, 500, 1_000],
        DaysListed = 10,
        Lists = 10,
        BulkProtections = 10,
        BulkOfAssembly = 2,
        WaitingProtections = 5,
        WaitingClients = 50,
    };

    /// <summary>Requests before anything is measured: the runtime compiles what is called often a second time.</summary>
    public int WarmUp { get; private init; } = 3_000;

    /// <summary>Requests of a block, one at a time.</summary>
    public int OneByOne { get; private init; } = 400;

    /// <summary>Requests of a block, many at a time.</summary>
    public int AtOnce { get; private init; } = 3_000;

    /// <summary>Lookups whose requests to storage are counted.</summary>
    public int CountedLookups { get; private init; } = 200;

    /// <summary>Protections whose requests to storage are counted.</summary>
    public int CountedProtections { get; private init; } = 5;

    /// <summary>How many protections are stored, ascending; multiples of 100.</summary>
    public IReadOnlyList<int> Stored { get; private init; } = [100, 10_000, 200_000];

    /// <summary>Days of the long history, with a protection each hour.</summary>
    public int DaysListed { get; private init; } = 365;

    /// <summary>Lists of a block.</summary>
    public int Lists { get; private init; } = 100;

    /// <summary>
    /// Protections that are made as fast as they are accepted, where the command line does not say; a multiple of those
    /// of an assembly.
    /// </summary>
    public int BulkProtections { get; private init; } = 200;

    /// <summary>How many of them each assembly makes, one after the other.</summary>
    public int BulkOfAssembly { get; private init; } = 5;

    /// <summary>Protections that are waited for.</summary>
    public int WaitingProtections { get; private init; } = 50;

    /// <summary>Clients that wait; a multiple of the protections.</summary>
    public int WaitingClients { get; private init; } = 1_000;
}
