namespace RealtimeInference;

/// <summary>How a concurrency limit adapts. The defaults suit most predictors.</summary>
/// <remarks>Copied when the limit is added to a pipeline: later changes have no effect.</remarks>
public sealed class ConcurrencyLimitOptions
{
    /// <summary>Gets or sets the limit before anything is measured.</summary>
    /// <value>20 by default. Between <see cref="MinLimit"/> and <see cref="MaxLimit"/>.</value>
    public int InitialLimit { get; set; } = 20;

    /// <summary>Gets or sets the least limit.</summary>
    /// <value>1 by default. At least 1.</value>
    public int MinLimit { get; set; } = 1;

    /// <summary>Gets or sets the greatest limit.</summary>
    /// <value>1000 by default. The same as <see cref="MinLimit"/> for a limit that is fixed.</value>
    public int MaxLimit { get; set; } = 1000;

    /// <summary>Gets or sets how far each measurement moves the limit towards its new value.</summary>
    /// <value>0.2 by default. More than 0, at most 1; less is calmer and slower.</value>
    public double Smoothing { get; set; } = 0.2;

    /// <summary>Gets or sets over how many measurements the long-term latency is averaged.</summary>
    /// <value>600 by default. At least 1. A measurement is the mean of at least 10 predictions and two round trips.</value>
    public int LongWindow { get; set; } = 600;

    /// <summary>Gets or sets how many times its long-term average the latency may be before the limit shrinks.</summary>
    /// <value>1.5 by default. At least 1.</value>
    public double RttTolerance { get; set; } = 1.5;

    /// <summary>Gets or sets how many predictions may queue beyond what the measured latency allows: by so many the limit grows.</summary>
    /// <value>4 by default. At least 1.</value>
    public int QueueSize { get; set; } = 4;

    /// <summary>Gets or sets a queue that depends on the limit, such as its square root.</summary>
    /// <value><see langword="null"/> by default: <see cref="QueueSize"/>. It must not throw; less than 0 counts as 0.</value>
    public Func<int, int>? QueueSizeFunction { get; set; }

    /// <summary>Gets or sets up to which share of the limit <see cref="PredictionPriority.Bulk"/> is admitted; the rest is for the others.</summary>
    /// <value>0.8 by default. More than 0, at most 1. One place is always open to bulk.</value>
    public double BulkShare { get; set; } = 0.8;

    internal ConcurrencyLimitOptions Copy() => (ConcurrencyLimitOptions)MemberwiseClone();

    /// <summary>Finds everything that is wrong with the settings.</summary>
    internal IEnumerable<string> GetFaults()
    {
        foreach ((string name, int value) in new[]
        {
            (nameof(MinLimit), MinLimit), (nameof(LongWindow), LongWindow), (nameof(QueueSize), QueueSize),
        })
        {
            if (value < 1)
            {
                yield return $"{name} is {value}: at least 1.";
            }
        }

        if (MaxLimit < MinLimit)
        {
            yield return $"{nameof(MaxLimit)} is {MaxLimit}: at least {nameof(MinLimit)}, which is {MinLimit}.";
        }
        else if (InitialLimit < MinLimit || InitialLimit > MaxLimit)
        {
            yield return $"{nameof(InitialLimit)} is {InitialLimit}: between {nameof(MinLimit)}, which is {MinLimit}, " +
                $"and {nameof(MaxLimit)}, which is {MaxLimit}.";
        }

        foreach ((string name, double value) in new[] { (nameof(Smoothing), Smoothing), (nameof(BulkShare), BulkShare) })
        {
            if (!(value > 0 && value <= 1))
            {
                yield return FormattableString.Invariant($"{name} is {value}: more than 0, at most 1.");
            }
        }

        if (!(RttTolerance >= 1 && double.IsFinite(RttTolerance)))
        {
            yield return FormattableString.Invariant($"{nameof(RttTolerance)} is {RttTolerance}: a number of at least 1.");
        }
    }
}
