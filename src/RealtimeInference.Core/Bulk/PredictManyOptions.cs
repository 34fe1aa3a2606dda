namespace RealtimeInference;

/// <summary>Settings of predictions of many items. They are checked and copied by the call that takes them.</summary>
/// <typeparam name="TIn">The type of a request.</typeparam>
/// <typeparam name="TOut">The type of a prediction.</typeparam>
public sealed class PredictManyOptions<TIn, TOut>
{
    /// <summary>Gets or sets how many items may be read from the source and not yet be done with by the consumer.</summary>
    /// <value>256 by default. A scheduler fills its batches from these, so it should be several times the batch size.</value>
    public int MaxInFlight { get; set; } = 256;

    /// <summary>Gets or sets whether results come in the order of their inputs, or else as they are completed.</summary>
    /// <value><see langword="true"/> by default.</value>
    public bool InOrder { get; set; } = true;

    /// <summary>Gets or sets the index of the first item to predict. Those before it are read and dropped.</summary>
    public long StartIndex { get; set; }

    /// <summary>Gets or sets who hears how far it has come: while results are taken, and once at the end, however it ends.</summary>
    public IProgress<PredictManyProgress>? Progress { get; set; }

    /// <summary>Gets or sets the least time between two reports of progress.</summary>
    /// <value>1 second by default; zero reports every item.</value>
    public TimeSpan ProgressInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets or sets how many items the source has, those before <see cref="StartIndex"/> included.</summary>
    /// <value>What a collection says of itself, unless it is set.</value>
    public long? TotalCount { get; set; }

    /// <summary>Gets or sets what tells items apart that must be predicted one after another, in the order of the source.</summary>
    /// <value>
    /// Items with equal keys wait for each other; others, and those whose key is <see langword="null"/>, do not. It is called
    /// once per item, one at a time.
    /// </value>
    public Func<TIn, object?>? OrderingKey { get; set; }

    /// <summary>Gets or sets what is called once for each item that the consumer is done with, for sources that deliver at least once.</summary>
    /// <value>
    /// It is called when the consumer asks for the next result, and never for an item that the consumer did not get or left
    /// the enumeration with. Its error ends the enumeration.
    /// </value>
    public Func<PredictionResult<TIn, TOut>, CancellationToken, ValueTask>? Acknowledge { get; set; }

    /// <summary>Gets or sets who goes first where predictions queue for a model.</summary>
    /// <value><see cref="PredictionPriority.Bulk"/> by default.</value>
    public PredictionPriority Priority { get; set; } = PredictionPriority.Bulk;

    /// <summary>Gets or sets how long the prediction of one item may take, from when it begins, new tries included.</summary>
    /// <value><see langword="null"/>, as by default, for no limit.</value>
    public TimeSpan? ItemDeadline { get; set; }

    /// <summary>Gets or sets the clock.</summary>
    /// <value><see cref="TimeProvider.System"/> by default.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Makes a copy that the caller cannot change any more, or says everything that is wrong.</summary>
    internal PredictManyOptions<TIn, TOut> CheckedCopy(string parameterName)
    {
        var copy = (PredictManyOptions<TIn, TOut>)MemberwiseClone();
        string[] faults = [.. copy.Faults()];
        return faults.Length == 0
            ? copy
            : throw new ArgumentException("The options have faults: " + string.Join(" ", faults), parameterName);
    }

    private IEnumerable<string> Faults()
    {
        if (MaxInFlight < 1)
        {
            yield return $"MaxInFlight is {MaxInFlight}; it must be at least 1.";
        }

        if (StartIndex < 0)
        {
            yield return $"StartIndex is {StartIndex}; it must not be negative.";
        }

        if (ProgressInterval < TimeSpan.Zero)
        {
            yield return $"ProgressInterval is {ProgressInterval}; it must not be negative.";
        }

        if (TotalCount < 0)
        {
            yield return $"TotalCount is {TotalCount}; it must not be negative.";
        }

        if (!Enum.IsDefined(Priority))
        {
            yield return $"Priority is {Priority}; it must be one of {string.Join(", ", Enum.GetNames<PredictionPriority>())}.";
        }

        if (ItemDeadline <= TimeSpan.Zero)
        {
            yield return $"ItemDeadline is {ItemDeadline}; it must be more than zero.";
        }

        if (TimeProvider is null)
        {
            yield return "TimeProvider is null; leave it out for the system's clock.";
        }
    }
}
