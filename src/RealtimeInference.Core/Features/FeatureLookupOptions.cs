namespace RealtimeInference;

/// <summary>How a pipeline looks features up. The defaults suit a store near by.</summary>
/// <remarks>Copied when the lookup is added to a pipeline: later changes have no effect.</remarks>
public sealed class FeatureLookupOptions
{
    /// <summary>Gets or sets how long a prediction waits for its features; less where its deadline is nearer.</summary>
    /// <value>10 ms by default. More than zero, or <see cref="Timeout.InfiniteTimeSpan"/> to wait until the deadline.</value>
    /// <remarks>
    /// A store that answers at once is not timed. Timers of most systems are exact to some milliseconds; one that blocks the caller's
    /// thread cannot be left behind.
    /// </remarks>
    public TimeSpan TimeBudget { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Gets or sets how many reads may be under way at once, those that nobody waits for any more included.</summary>
    /// <value>
    /// 1024 by default. At least 1. Beyond it a lookup does not ask the store, and has what it has on a timeout: so a store that never answers
    /// costs a fixed amount of memory. From time to time one read is tried nevertheless, to find out whether the store is back.
    /// </value>
    public int MaxOpenReads { get; set; } = 1024;

    internal FeatureLookupOptions CheckAndCopy()
    {
        List<string> faults = [];
        if (TimeBudget <= TimeSpan.Zero && TimeBudget != Timeout.InfiniteTimeSpan)
        {
            faults.Add($"{nameof(TimeBudget)} is {TimeBudget}: more than zero, or Timeout.InfiniteTimeSpan.");
        }

        if (MaxOpenReads < 1)
        {
            faults.Add($"{nameof(MaxOpenReads)} is {MaxOpenReads}: at least 1.");
        }

        return faults.Count == 0
            ? (FeatureLookupOptions)MemberwiseClone()
            : throw new ArgumentException("The options of the feature lookup have faults: " + string.Join(" ", faults));
    }
}
