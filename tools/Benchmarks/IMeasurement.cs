namespace CloudRewind.Benchmarks;

/// <summary>Something that is measured by itself.</summary>
internal interface IMeasurement
{
    /// <summary>What <c>--only</c> calls it.</summary>
    string Name { get; }

    /// <summary>What it measures, for <c>--help</c>.</summary>
    string Summary { get; }

    /// <summary>Why an app that something else started cannot be measured; null where it can.</summary>
    string? WhyNotOutside { get; }

    /// <summary>Measures, and puts the rows in the run's report.</summary>
    Task MeasureAsync(Run run);
}
