namespace RealtimeInference;

/// <summary>Settings of a feature store in this process.</summary>
public sealed class InMemoryFeatureStoreOptions
{
    /// <summary>Gets or sets the clock for what expires.</summary>
    /// <value><see cref="TimeProvider.System"/> by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Gets or sets how many rows there may be, of all views together.</summary>
    /// <value>
    /// <see langword="null"/>, as by default, for as many as there is memory for. At least 1. In a full store a new row takes the place of
    /// one that was not used lately.
    /// </value>
    public int? MaxRows { get; set; }

    internal void ThrowIfFaulty()
    {
        List<string> faults = [];
        if (TimeProvider is null)
        {
            faults.Add($"{nameof(TimeProvider)} is null: a clock is needed.");
        }

        if (MaxRows < 1)
        {
            faults.Add($"{nameof(MaxRows)} is {MaxRows}: at least 1, or null for no limit.");
        }

        if (faults.Count > 0)
        {
            throw new ArgumentException("The options of the feature store have faults: " + string.Join(" ", faults));
        }
    }
}
