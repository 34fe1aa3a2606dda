using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>The inputs of a run, or of one example on its way to a run, while they are written. Not thread-safe.</summary>
internal sealed class InputSet
{
    private readonly TensorBuffer[] _buffers;
    private readonly int _required;
    private int _requiredWritten;

    /// <param name="signature">The signature of the model.</param>
    /// <param name="derived">Inputs that the library itself writes later: an encoder need not.</param>
    public InputSet(ModelSignature signature, IReadOnlyCollection<string>? derived = null)
    {
        Signature = signature;
        _buffers = [.. signature.Inputs.Select(i => new TensorBuffer(i, signature.HasBatchDimension))];
        _required = signature.Inputs.Count(i => !i.IsOptional && derived?.Contains(i.Name) != true);
    }

    public ModelSignature Signature { get; }

    /// <summary>Gets the buffers, in the signature's order.</summary>
    public TensorBuffer[] Buffers => _buffers;

    /// <summary>Gets the number of examples; 0 while the set is out of use.</summary>
    public int BatchSize { get; private set; }

    public bool IsComplete => _requiredWritten == _required;

    public void Begin(int batchSize)
    {
        BatchSize = batchSize;
        _requiredWritten = 0;
        foreach (TensorBuffer buffer in _buffers)
        {
            buffer.HasValue = false;
        }
    }

    public void End() => BatchSize = 0;

    /// <summary>Refuses to go on while an input that the model needs has no value.</summary>
    public void CheckComplete(IReadOnlyCollection<string>? derived = null)
    {
        if (!IsComplete)
        {
            ThrowIncomplete(derived);
        }
    }

    public TensorBuffer Find(string name) => TensorBuffer.Find(_buffers, name) ?? throw Throw.UnknownTensor(Signature.Inputs, name, "input");

    /// <summary>Makes sure that an input has memory for this run's examples, and counts it as written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(TensorBuffer input)
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
    public void Write(TensorBuffer input, ReadOnlySpan<int> rowShape)
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

    /// <summary>As <see cref="Write(TensorBuffer, ReadOnlySpan{int})"/>, of the shape that holds so many elements: the last free dimension gets what is left.</summary>
    public void WriteFlat(TensorBuffer input, int count)
    {
        IReadOnlyList<TensorDimension> dimensions = input.Spec.Dimensions;
        Span<int> shape = stackalloc int[dimensions.Count - input.RowStart];
        TensorDimension.TryFit(dimensions, input.RowStart, count, shape);
        Write(input, shape);
    }

    /// <summary>Gives an input the shape of the whole run, all rows to be filled by the caller.</summary>
    public void WriteWhole(TensorBuffer input, ReadOnlySpan<long> shape)
    {
        input.Allocate(shape);
        input.HasValue = true;
        if (!input.Spec.IsOptional)
        {
            _requiredWritten++;
        }
    }

    public void Free()
    {
        foreach (TensorBuffer buffer in _buffers)
        {
            buffer.Free();
        }
    }

    // On its own: a closure is made where its method begins.
    private void ThrowIncomplete(IReadOnlyCollection<string>? derived) => Throw.NotWritten(_buffers
        .Where(i => !i.HasValue && !i.Spec.IsOptional && derived?.Contains(i.Spec.Name) != true)
        .Select(static i => i.Spec));

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
            _requiredWritten++;
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
