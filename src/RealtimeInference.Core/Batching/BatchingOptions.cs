namespace RealtimeInference;

/// <summary>How requests that meet share a run of the model. The defaults suit most models.</summary>
public sealed class BatchingOptions
{
    /// <summary>Gets or sets the most examples in one run.</summary>
    /// <value>64 by default; 1 keeps the queue, the priorities and the bounds, and runs every example on its own.</value>
    public int MaxBatchSize { get; set; } = 64;

    /// <summary>Gets or sets how long an example may wait for others before it is run.</summary>
    /// <value>
    /// Zero by default: what queued while the model ran is the next batch, and a lone example never waits. Anything else
    /// holds every example back until the batch is full or this has passed, to about a millisecond.
    /// </value>
    public TimeSpan MaxDelay { get; set; }

    /// <summary>Gets or sets sizes that the model runs best at, such as powers of two on a GPU.</summary>
    /// <value>Empty by default. A batch is cut down to the largest of them that it can fill; what is over goes next.</value>
    public IList<int> PreferredBatchSizes { get; set; } = [];

    /// <summary>Gets or sets how many examples may queue. One more is refused with <see cref="OverloadedException"/>.</summary>
    /// <value>1,024 by default: 16 full batches.</value>
    public int MaxQueueLength { get; set; } = 1024;

    /// <summary>Gets or sets how many runs may be under way at once.</summary>
    /// <value>
    /// <see langword="null"/>, as by default, for what the model recommends: one for each processor where a run uses one
    /// thread, else one. At most 64.
    /// </value>
    public int? MaxConcurrentRuns { get; set; }

    /// <summary>Gets or sets the most elements in one run, padding included, counted over the inputs of variable length.</summary>
    /// <value>
    /// <see langword="null"/>, as by default, for no limit. An example that is over it on its own fails alone, with
    /// <see cref="TensorMismatchException"/>.
    /// </value>
    public long? MaxBatchElements { get; set; }

    /// <summary>Gets or sets how much of a batch may be padding, as a share of its elements.</summary>
    /// <value>0.1 by default. The most urgent example is always taken; others join it while the share stays under this.</value>
    public double MaxPadding { get; set; } = 0.1;

    /// <summary>Gets or sets after how many batches an example goes before those of the next higher priority that came later.</summary>
    /// <value>16 by default.</value>
    public int AgeingBatches { get; set; } = 16;

    internal Dictionary<string, PaddedInput> Padded { get; } = [];

    internal Dictionary<string, string> Masks { get; } = [];

    /// <summary>Lets examples of different length share a run: shorter ones are filled up at the end of each free dimension.</summary>
    /// <param name="input">The name of the input.</param>
    /// <param name="value">The number to fill up with.</param>
    /// <param name="maxLength">The most that a free dimension of one example may have; a longer one fails alone.</param>
    /// <returns>The options.</returns>
    /// <remarks>
    /// The model must not let the padding change the result: most take a mask as well, see <see cref="PadMask"/>. An input
    /// that is not declared here is never padded; examples then share a run only with those of the same shape.
    /// </remarks>
    public BatchingOptions Pad(string input, double value = 0, int? maxLength = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(input);
        Padded[input] = new PaddedInput(value, maxLength);
        return this;
    }

    /// <summary>Has the library write a mask: ones for what the encoder wrote to an input, zeros for the padding.</summary>
    /// <param name="mask">The name of the input that is the mask; the encoder does not write it.</param>
    /// <param name="of">The name of the input that it masks, of the same shape.</param>
    /// <returns>The options.</returns>
    public BatchingOptions PadMask(string mask, string of)
    {
        ArgumentException.ThrowIfNullOrEmpty(mask);
        ArgumentException.ThrowIfNullOrEmpty(of);
        Masks[mask] = of;
        return this;
    }
}

/// <summary>How one input is padded.</summary>
internal sealed record PaddedInput(double Value, int? MaxLength);
