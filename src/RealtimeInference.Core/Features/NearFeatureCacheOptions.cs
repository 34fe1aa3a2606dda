namespace RealtimeInference;

/// <summary>Settings of a near cache. Copied when it is made: later changes have no effect.</summary>
public sealed class NearFeatureCacheOptions
{
    /// <summary>Gets or sets how long a row is served without asking the store again.</summary>
    /// <value>10 s by default. More than zero. A row that its store or its view lets expire earlier is asked for earlier.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long a row is served after that, while it is fetched anew.</summary>
    /// <value>10 s by default. Zero to have the first reader wait.</value>
    public TimeSpan StaleWhileRevalidate { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets or sets how long it is remembered that the store has no such row.</summary>
    /// <value>2 s by default. Zero to ask each time.</value>
    public TimeSpan NegativeTimeToLive { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Gets or sets how many rows are kept, those that the store has not included.</summary>
    /// <value>100,000 by default. At least 1. A new row takes the place of one that was not used lately.</value>
    public int MaxRows { get; set; } = 100_000;

    /// <summary>Gets or sets how long a fetch may take, however long those who asked for it wait.</summary>
    /// <value>1 s by default. More than zero, at most 49 days.</value>
    public TimeSpan FetchTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how many fetches may be under way at once, those that nobody waits for any more included.</summary>
    /// <value>1024 by default. At least 1. Beyond it a row that is not kept fails at once, and from time to time one fetch is tried nevertheless.</value>
    public int MaxOpenFetches { get; set; } = 1024;

    /// <summary>Gets or sets the clock.</summary>
    /// <value><see cref="TimeProvider.System"/> by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    internal NearFeatureCacheOptions CheckAndCopy()
    {
        List<string> faults = [];
        foreach ((string name, TimeSpan value, TimeSpan least) in new[]
        {
            (nameof(TimeToLive), TimeToLive, TimeSpan.FromTicks(1)),
            (nameof(StaleWhileRevalidate), StaleWhileRevalidate, TimeSpan.Zero),
            (nameof(NegativeTimeToLive), NegativeTimeToLive, TimeSpan.Zero),
        })
        {
            if (value < least || value > TimeSpan.FromDays(3650))
            {
                faults.Add($"{name} is {value}: {(least == TimeSpan.Zero ? "zero or more" : "more than zero")}, at most ten years.");
            }
        }

        if (FetchTimeout <= TimeSpan.Zero || FetchTimeout > TimeSpan.FromDays(49))
        {
            faults.Add($"{nameof(FetchTimeout)} is {FetchTimeout}: more than zero, at most 49 days.");
        }

        foreach ((string name, int value) in new[] { (nameof(MaxRows), MaxRows), (nameof(MaxOpenFetches), MaxOpenFetches) })
        {
            if (value < 1)
            {
                faults.Add($"{name} is {value}: at least 1.");
            }
        }

        if (TimeProvider is null)
        {
            faults.Add($"{nameof(TimeProvider)} is null: a clock is needed.");
        }

        return faults.Count == 0
            ? (NearFeatureCacheOptions)MemberwiseClone()
            : throw new ArgumentException("The options of the near cache have faults: " + string.Join(" ", faults));
    }
}
