using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>
/// One run of a model in the making: the memory of its inputs, the forward pass, the memory of its outputs.
/// </summary>
/// <remarks>
/// Write every example with <see cref="GetInputs"/>, call <see cref="RunAsync"/>, read the examples with
/// <see cref="GetOutputs"/>, then dispose: that gives the runner back to its model, and everything read from it as a span
/// is invalid from then on. A runner serves one run at a time and is not thread-safe. Models derive from this class; it
/// holds the tensors, they do the run.
/// </remarks>
public abstract class ModelRunner : IDisposable
{
    private readonly TensorBuffer[] _inputs;
    private readonly TensorBuffer[] _outputs;
    private readonly int _requiredInputs;
    private int _requiredInputsWritten;

    /// <summary>Initializes a new instance of the <see cref="ModelRunner"/> class.</summary>
    /// <param name="signature">The signature of the model.</param>
    protected ModelRunner(ModelSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        Signature = signature;
        _inputs = [.. signature.Inputs.Select(i => new TensorBuffer(i, signature.HasBatchDimension))];
        _outputs = [.. signature.Outputs.Select(o => new TensorBuffer(o, signature.HasBatchDimension))];
        _requiredInputs = signature.Inputs.Count(static i => !i.IsOptional);
    }

    /// <summary>Gets the signature of the model.</summary>
    public ModelSignature Signature { get; }

    /// <summary>Gets the version of the model that this runner runs.</summary>
    public virtual string? ModelVersion => null;

    /// <summary>Gets the number of examples in this run.</summary>
    public int BatchSize { get; private set; }

    /// <summary>Gets the inputs of one example.</summary>
    /// <param name="row">Which example, from 0.</param>
    /// <returns>A writer for the example's tensors.</returns>
    public InputTensors GetInputs(int row = 0)
    {
        CheckRow(row);
        return new InputTensors(this, row);
    }

    /// <summary>Gets the outputs of one example, after the run.</summary>
    /// <param name="row">Which example, from 0.</param>
    /// <returns>A reader for the example's tensors.</returns>
    public OutputTensors GetOutputs(int row = 0)
    {
        CheckRow(row);
        return new OutputTensors(this, row);
    }

    /// <summary>Runs the forward pass over all examples.</summary>
    /// <param name="cancellationToken">Stops the run where the runtime can.</param>
    /// <returns>A task that ends with the run; complete at once where the run is synchronous.</returns>
    /// <exception cref="TensorMismatchException">An input was not written or does not fit.</exception>
    /// <exception cref="ModelRunException">The runtime failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ValueTask RunAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CheckRow(0);
        if (_requiredInputsWritten != _requiredInputs)
        {
            Throw.NotWritten(_inputs.Where(static i => !i.HasValue && !i.Spec.IsOptional).Select(static i => i.Spec));
        }

        return RunCoreAsync(cancellationToken);
    }

    /// <summary>Gives the runner back to its model. A second call does nothing.</summary>
    public void Dispose()
    {
        // A runner that came back twice would be handed out to two callers at once.
        if (BatchSize != 0)
        {
            BatchSize = 0;
            ReturnToModel();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Gets the buffers of the inputs, in the signature's order.</summary>
    protected ReadOnlySpan<TensorBuffer> Inputs => _inputs;

    /// <summary>Gets the buffers of the outputs, in the signature's order.</summary>
    protected ReadOnlySpan<TensorBuffer> Outputs => _outputs;

    /// <summary>Prepares for the next run. Models call it when they hand a runner out.</summary>
    /// <param name="batchSize">The number of examples.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not positive, or over 1 for a model without batches.</exception>
    protected void Begin(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        if (batchSize > 1 && !Signature.HasBatchDimension)
        {
            throw new ArgumentOutOfRangeException(
                nameof(batchSize), batchSize, $"The model takes one example a run: {Signature}.");
        }

        BatchSize = batchSize;
        _requiredInputsWritten = 0;
        foreach (TensorBuffer input in _inputs)
        {
            input.HasValue = false;
        }
    }

    /// <summary>Runs the forward pass: reads <see cref="Inputs"/>, fills <see cref="Outputs"/>.</summary>
    /// <param name="cancellationToken">Stops the run where the runtime can.</param>
    /// <returns>A task that ends with the run.</returns>
    protected abstract ValueTask RunCoreAsync(CancellationToken cancellationToken);

    /// <summary>Takes the runner back. Called once for each time it was handed out.</summary>
    protected abstract void ReturnToModel();

    /// <summary>Frees the memory of the tensors. Models call it for a runner that they will not hand out again.</summary>
    protected void Free()
    {
        foreach (TensorBuffer buffer in _inputs)
        {
            buffer.Free();
        }

        foreach (TensorBuffer buffer in _outputs)
        {
            buffer.Free();
        }
    }

    internal TensorBuffer FindInput(string name) => Find(_inputs, name) ?? throw Throw.UnknownTensor(Signature.Inputs, name, "input");

    internal TensorBuffer FindOutput(string name) => Find(_outputs, name) ?? throw Throw.UnknownTensor(Signature.Outputs, name, "output");

    /// <summary>Makes sure that an input has memory for this run's examples, and counts it as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(TensorBuffer input)
    {
        if (!input.HasFixedRowShape)
        {
            Throw.ShapeNeeded(input.Spec, input.HasBatchDimension);
        }

        if (!input.HasValue)
        {
            // The shape differs only when the size of the batch did, or on a runner's first run.
            if (input.Shape.Length != input.Spec.Dimensions.Count
                || (input.HasBatchDimension && input.Shape[0] != BatchSize)
                || input.LayoutVersion == 0)
            {
                AllocateFixed(input);
            }

            MarkWritten(input);
        }
    }

    /// <summary>As <see cref="Write(TensorBuffer)"/>, for an input whose examples say their shape.</summary>
    internal void Write(TensorBuffer input, ReadOnlySpan<int> rowShape)
    {
        CheckRowShape(input, rowShape);
        Span<long> shape = stackalloc long[input.RowStart + rowShape.Length];
        if (input.HasBatchDimension)
        {
            shape[0] = BatchSize;
        }

        for (int i = 0; i < rowShape.Length; i++)
        {
            shape[input.RowStart + i] = rowShape[i];
        }

        if (!input.HasValue)
        {
            input.Allocate(shape);
            MarkWritten(input);
        }
        else if (!shape.SequenceEqual(input.Shape))
        {
            Throw.RowsDiffer(input.Spec, rowShape, input.Shape);
        }
    }

    private static TensorBuffer? Find(TensorBuffer[] buffers, string name)
    {
        // Names are interned, so a literal is found without comparing a character.
        foreach (TensorBuffer buffer in buffers)
        {
            if (ReferenceEquals(buffer.Spec.Name, name))
            {
                return buffer;
            }
        }

        ArgumentNullException.ThrowIfNull(name);
        foreach (TensorBuffer buffer in buffers)
        {
            if (buffer.Spec.Name == name)
            {
                return buffer;
            }
        }

        return null;
    }

    private static void CheckRowShape(TensorBuffer input, ReadOnlySpan<int> rowShape)
    {
        IReadOnlyList<TensorDimension> dimensions = input.Spec.Dimensions;
        if (rowShape.Length != dimensions.Count - input.RowStart)
        {
            Throw.WrongRank(input.Spec, input.HasBatchDimension, rowShape);
        }

        for (int i = 0; i < rowShape.Length; i++)
        {
            if (rowShape[i] < 0 || (dimensions[input.RowStart + i].Length is { } length && length != rowShape[i]))
            {
                Throw.WrongDimension(input.Spec, input.HasBatchDimension, rowShape, i);
            }
        }
    }

    private void CheckRow(int row)
    {
        if ((uint)row >= (uint)BatchSize)
        {
            ObjectDisposedException.ThrowIf(BatchSize == 0, this);
            throw new ArgumentOutOfRangeException(nameof(row), row, $"The run has {BatchSize} examples, numbered from 0.");
        }
    }

    private void MarkWritten(TensorBuffer input)
    {
        if (BatchSize > 1)
        {
            // A row that the caller then leaves out must not hold what an earlier run left there.
            input.Clear();
        }

        input.HasValue = true;
        if (!input.Spec.IsOptional)
        {
            _requiredInputsWritten++;
        }
    }

    private void AllocateFixed(TensorBuffer input)
    {
        IReadOnlyList<TensorDimension> dimensions = input.Spec.Dimensions;
        Span<long> shape = stackalloc long[dimensions.Count];
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = dimensions[i].Length ?? BatchSize;
        }

        input.Allocate(shape);
    }
}
