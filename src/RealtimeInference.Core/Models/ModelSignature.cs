namespace RealtimeInference;

/// <summary>The inputs and outputs of a model. Immutable.</summary>
public sealed class ModelSignature
{
    /// <summary>Initializes a new instance of the <see cref="ModelSignature"/> class.</summary>
    /// <param name="inputs">The inputs, in the model's order.</param>
    /// <param name="outputs">The outputs, in the model's order.</param>
    /// <param name="metadata">What the model says about itself.</param>
    /// <param name="batchDimension">Where the model takes several examples at once.</param>
    /// <exception cref="ArgumentException">
    /// <see cref="BatchDimension.First"/> is asked for, and an input has no first dimension that is free.
    /// </exception>
    public ModelSignature(
        IEnumerable<TensorSpec> inputs,
        IEnumerable<TensorSpec> outputs,
        ModelMetadata? metadata = null,
        BatchDimension batchDimension = BatchDimension.Auto)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        TensorSpec[] inputArray = [.. inputs];
        TensorSpec[] outputArray = [.. outputs];
        Inputs = inputArray;
        Outputs = outputArray;
        Metadata = metadata ?? new ModelMetadata();
        HasOptionalInputs = Array.Exists(inputArray, static i => i.IsOptional);

        if (batchDimension == BatchDimension.First
            && Array.Find(inputArray, static i => i.Dimensions is not [{ IsFree: true }, ..]) is { } unfit)
        {
            throw new ArgumentException(
                $"The model cannot take batches: the first dimension of input '{unfit}' is not free. " +
                $"Use {nameof(BatchDimension)}.{nameof(BatchDimension.Auto)} or {nameof(BatchDimension.None)}.",
                nameof(batchDimension));
        }

        HasBatchDimension = batchDimension == BatchDimension.First
            || (batchDimension == BatchDimension.Auto && FirstDimensionCountsExamples(inputArray, outputArray));
    }

    /// <summary>Gets the inputs, in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Inputs { get; }

    /// <summary>Gets the outputs, in the model's order.</summary>
    public IReadOnlyList<TensorSpec> Outputs { get; }

    /// <summary>Gets what the model says about itself.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>Gets whether the first dimension of every tensor counts the examples of a run.</summary>
    public bool HasBatchDimension { get; }

    internal bool HasOptionalInputs { get; }

    /// <summary>Finds an input.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The input.</returns>
    /// <exception cref="TensorMismatchException">The model has no such input.</exception>
    public TensorSpec GetInput(string name) => Inputs[IndexOf(Inputs, name, "input")];

    /// <summary>Finds an output.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The output.</returns>
    /// <exception cref="TensorMismatchException">The model has no such output.</exception>
    public TensorSpec GetOutput(string name) => Outputs[IndexOf(Outputs, name, "output")];

    /// <inheritdoc/>
    public override string ToString() => $"({string.Join(", ", Inputs)}) -> ({string.Join(", ", Outputs)})";

    private static int IndexOf(IReadOnlyList<TensorSpec> specs, string name, string role)
    {
        ArgumentNullException.ThrowIfNull(name);
        for (int i = 0; i < specs.Count; i++)
        {
            if (specs[i].Name == name)
            {
                return i;
            }
        }

        throw Throw.UnknownTensor(specs, name, role);
    }

    private static bool FirstDimensionCountsExamples(TensorSpec[] inputs, TensorSpec[] outputs)
    {
        string? batchName = null;
        foreach (TensorSpec spec in inputs.Concat(outputs))
        {
            if (spec.Kind == TensorKind.SequenceOfMaps)
            {
                // One map per example.
                continue;
            }

            if (spec.Dimensions is not [{ IsFree: true } first, ..]
                || (first.Name is { } name && batchName is not null && name != batchName))
            {
                return false;
            }

            batchName ??= first.Name;
        }

        return inputs.Length > 0;
    }
}
