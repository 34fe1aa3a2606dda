namespace RealtimeInference;

/// <summary>The options of one scheduler, checked against its model and copied.</summary>
internal sealed class BatchSettings
{
    private const int MaxRuns = 64;

    public BatchSettings(BatchingOptions options, IModel model)
    {
        ModelSignature signature = model.Signature;
        var faults = new List<string>();
        Check(faults, options.MaxBatchSize >= 1, $"MaxBatchSize is {options.MaxBatchSize}, but must be at least 1");
        Check(faults, options.MaxDelay >= TimeSpan.Zero, $"MaxDelay is {options.MaxDelay}, but must not be negative");
        Check(faults, options.MaxQueueLength >= 1, $"MaxQueueLength is {options.MaxQueueLength}, but must be at least 1");
        Check(faults, options.MaxConcurrentRuns is null or (>= 1 and <= MaxRuns), $"MaxConcurrentRuns is {options.MaxConcurrentRuns}, but must be from 1 to {MaxRuns}");
        Check(faults, options.MaxBatchElements is null or >= 1, $"MaxBatchElements is {options.MaxBatchElements}, but must be at least 1");
        Check(faults, options.MaxPadding is >= 0 and < 1, FormattableString.Invariant($"MaxPadding is {options.MaxPadding}, but must be from 0 to below 1"));
        Check(faults, options.AgeingBatches >= 0, $"AgeingBatches is {options.AgeingBatches}, but must not be negative");
        Check(faults, options.PreferredBatchSizes is not null, "PreferredBatchSizes is null, but must be a list, empty for none");
        foreach (int size in options.PreferredBatchSizes ?? [])
        {
            Check(faults, size >= 1 && size <= options.MaxBatchSize, $"PreferredBatchSizes has {size}, but must be from 1 to MaxBatchSize");
        }

        CheckPadding(faults, options, signature);
        if (faults.Count > 0)
        {
            throw new ArgumentException($"The batching of model '{model.Name}' cannot work: {string.Join("; ", faults)}.", nameof(options));
        }

        MaxBatchSize = signature.HasBatchDimension ? options.MaxBatchSize : 1;
        MaxDelay = options.MaxDelay;
        PreferredBatchSizes = [.. options.PreferredBatchSizes!.Order()];
        MaxQueueLength = options.MaxQueueLength;
        MaxConcurrentRuns = options.MaxConcurrentRuns ?? Math.Clamp(model.RecommendedConcurrentRuns, 1, MaxRuns);
        MaxBatchElements = options.MaxBatchElements ?? long.MaxValue;
        MaxPadding = options.MaxPadding;
        AgeingBatches = options.AgeingBatches;
        Padded = new PaddedInput?[signature.Inputs.Count];
        MaskOf = new int[signature.Inputs.Count];
        for (int i = 0; i < MaskOf.Length; i++)
        {
            Padded[i] = options.Padded.GetValueOrDefault(signature.Inputs[i].Name);
            MaskOf[i] = options.Masks.TryGetValue(signature.Inputs[i].Name, out string? of) ? IndexOf(signature, of) : -1;
        }

        Masks = [.. options.Masks.Keys];
        HasVariableRows = signature.Inputs.Any(static i => i.Dimensions.Skip(1).Any(static d => d.IsFree)) && signature.HasBatchDimension;
    }

    public int MaxBatchSize { get; }

    public TimeSpan MaxDelay { get; }

    public int[] PreferredBatchSizes { get; }

    public int MaxQueueLength { get; }

    public int MaxConcurrentRuns { get; }

    public long MaxBatchElements { get; }

    public double MaxPadding { get; }

    public int AgeingBatches { get; }

    /// <summary>Gets how each input is padded, in the signature's order; null for one that is not.</summary>
    public PaddedInput?[] Padded { get; }

    /// <summary>Gets, for each input that is a mask, which input it masks; -1 for the others.</summary>
    public int[] MaskOf { get; }

    /// <summary>Gets the names of the masks.</summary>
    public string[] Masks { get; }

    /// <summary>Gets whether examples may differ in shape.</summary>
    public bool HasVariableRows { get; }

    /// <summary>The largest batch that is worth running, when so many wait.</summary>
    public int Prefer(int waiting)
    {
        int size = Math.Min(waiting, MaxBatchSize);
        for (int i = PreferredBatchSizes.Length - 1; i >= 0; i--)
        {
            if (PreferredBatchSizes[i] <= size)
            {
                return PreferredBatchSizes[i];
            }
        }

        return size;
    }

    private static void CheckPadding(List<string> faults, BatchingOptions options, ModelSignature signature)
    {
        foreach (string name in options.Padded.Keys.Concat(options.Masks.Keys).Concat(options.Masks.Values).Distinct())
        {
            int index = IndexOf(signature, name);
            if (index < 0)
            {
                faults.Add($"the model has no input '{name}', only {string.Join(", ", signature.Inputs.Select(static i => $"'{i.Name}'"))}");
            }
            else if (signature.Inputs[index].ElementType == TensorElementType.String || signature.Inputs[index].Kind != TensorKind.Tensor)
            {
                faults.Add($"'{signature.Inputs[index]}' cannot be padded, because it does not hold numbers");
            }
        }

        foreach ((string name, PaddedInput padded) in options.Padded)
        {
            Check(faults, padded.MaxLength is null or >= 1, $"'{name}' is padded with maxLength {padded.MaxLength}, but it must be at least 1");
        }

        foreach ((string mask, string of) in options.Masks)
        {
            Check(faults, options.Padded.ContainsKey(of), $"'{mask}' is to mask '{of}', which is not padded: call Pad(\"{of}\") too");
            int index = IndexOf(signature, mask), ofIndex = IndexOf(signature, of);
            if (index >= 0 && ofIndex >= 0)
            {
                Check(
                    faults,
                    signature.Inputs[index].Dimensions.Count == signature.Inputs[ofIndex].Dimensions.Count,
                    $"'{signature.Inputs[index]}' cannot mask '{signature.Inputs[ofIndex]}': their ranks differ");
                Check(faults, !options.Padded.ContainsKey(mask), $"'{mask}' is a mask, so the library writes it: do not call Pad for it");
            }
        }
    }

    private static int IndexOf(ModelSignature signature, string name)
    {
        for (int i = 0; i < signature.Inputs.Count; i++)
        {
            if (signature.Inputs[i].Name == name)
            {
                return i;
            }
        }

        return -1;
    }

    private static void Check(List<string> faults, bool holds, string fault)
    {
        if (!holds)
        {
            faults.Add(fault);
        }
    }
}
