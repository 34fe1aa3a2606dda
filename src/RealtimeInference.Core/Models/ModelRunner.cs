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
    private readonly InputSet _inputs;
    private readonly TensorBuffer[] _outputs;

    /// <summary>Initializes a new instance of the <see cref="ModelRunner"/> class.</summary>
    /// <param name="signature">The signature of the model.</param>
    protected ModelRunner(ModelSignature signature)
    {
        ArgumentNullException.ThrowIfNull(signature);
        Signature = signature;
        _inputs = new InputSet(signature);
        _outputs = [.. signature.Outputs.Select(o => new TensorBuffer(o, signature.HasBatchDimension))];
    }

    /// <summary>Gets the signature of the model.</summary>
    public ModelSignature Signature { get; }

    /// <summary>Gets the version of the model that this runner runs.</summary>
    public virtual string? ModelVersion => null;

    /// <summary>Gets the number of examples in this run.</summary>
    public int BatchSize => _inputs.BatchSize;

    /// <summary>Gets the inputs of one example.</summary>
    /// <param name="row">Which example, from 0.</param>
    /// <returns>A writer for the example's tensors.</returns>
    public InputTensors GetInputs(int row = 0)
    {
        CheckRow(row);
        return new InputTensors(_inputs, row);
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
        _inputs.CheckComplete();
        return RunCoreAsync(cancellationToken);
    }

    /// <summary>Gives the runner back to its model. A second call does nothing.</summary>
    public void Dispose()
    {
        // A runner that came back twice would be handed out to two callers at once.
        if (BatchSize != 0)
        {
            _inputs.End();
            ReturnToModel();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Gets the buffers of the inputs, in the signature's order.</summary>
    protected ReadOnlySpan<TensorBuffer> Inputs => _inputs.Buffers;

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

        _inputs.Begin(batchSize);
        foreach (TensorBuffer output in _outputs)
        {
            output.RowShape = null;
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
        _inputs.Free();
        foreach (TensorBuffer buffer in _outputs)
        {
            buffer.Free();
        }
    }

    internal InputSet InputSet => _inputs;

    internal TensorBuffer[] OutputBuffers => _outputs;

    internal TensorBuffer FindOutput(string name) =>
        TensorBuffer.Find(_outputs, name) ?? throw Throw.UnknownTensor(Signature.Outputs, name, "output");

    private void CheckRow(int row)
    {
        if ((uint)row >= (uint)BatchSize)
        {
            ObjectDisposedException.ThrowIf(BatchSize == 0, this);
            throw new ArgumentOutOfRangeException(nameof(row), row, $"The run has {BatchSize} examples, numbered from 0.");
        }
    }
}
