using Microsoft.ML.OnnxRuntime;

namespace RealtimeInference;

/// <summary>
/// Everything bound for one set of shapes: inputs to the runner's memory, outputs too where their shapes are known, else
/// to whatever the run allocates.
/// </summary>
internal sealed class OnnxBinding : IDisposable
{
    private readonly OnnxSession _session;
    private readonly OrtIoBinding _binding;
    private readonly BoundInput[] _inputs;
    private readonly BoundOutput[] _outputs;
    private readonly nint _handle;
    private readonly bool _copiesInputs;

    public OnnxBinding(OnnxSession session, ReadOnlySpan<TensorBuffer> inputs, ReadOnlySpan<TensorBuffer> outputs, int batchSize)
    {
        _session = session;
        _inputs = new BoundInput[inputs.Length];
        _outputs = new BoundOutput[outputs.Length];
        Dictionary<string, (long Length, TensorSpec Spec)> lengths = ReadFreeDimensions(inputs);
        _binding = session.CreateBinding();
        _handle = _binding.DangerousGetHandle();
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                _inputs[i] = new BoundInput(inputs[i], i < session.InputAllocators.Length ? session.InputAllocators[i] : null);
                _copiesInputs |= _inputs[i].Bind(_binding) || session.RebindsInputs;
            }

            for (int i = 0; i < outputs.Length; i++)
            {
                long[]? shape = session.HasDynamicOutputs[i] ? null : ResolveShape(outputs[i].Spec, lengths, outputs[i].HasBatchDimension ? batchSize : null);
                _outputs[i] = new BoundOutput(outputs[i], shape);
                _outputs[i].Bind(_binding);
                HasRunAllocatedOutputs |= shape is null;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public nint Handle => _handle;

    /// <summary>Gets whether the run itself allocates some output, which must then be fetched.</summary>
    public bool HasRunAllocatedOutputs { get; }

    /// <summary>Whether this binding is for the shapes and the memory that the runner has now.</summary>
    public bool Fits()
    {
        foreach (BoundInput input in _inputs)
        {
            if (!input.Fits())
            {
                return false;
            }
        }

        foreach (BoundOutput output in _outputs)
        {
            if (!output.TryRestore())
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Moves the inputs to where the run reads them: only for strings and for memory that is not the host's.</summary>
    public void CopyInputs()
    {
        if (!_copiesInputs)
        {
            return;
        }

        foreach (BoundInput input in _inputs)
        {
            input.Copy(_session.RebindsInputs ? _binding : null);
        }
    }

    /// <summary>Fetches the outputs that the run allocated. Dispose the result when they have been read.</summary>
    public IDisposableReadOnlyCollection<OrtValue> FetchOutputs()
    {
        IDisposableReadOnlyCollection<OrtValue> values = _binding.GetOutputValues();
        for (int i = 0; i < _outputs.Length; i++)
        {
            if (!_outputs[i].IsPrebound)
            {
                OnnxOutputReader.Read(values[i], _outputs[i].Buffer);
            }
        }

        return values;
    }

    public void Dispose()
    {
        foreach (BoundInput? input in _inputs)
        {
            input?.Dispose();
        }

        foreach (BoundOutput? output in _outputs)
        {
            output?.Dispose();
        }

        _binding.Dispose();
    }

    /// <summary>Collects the length of every named free dimension, which must be one and the same in all inputs.</summary>
    private static Dictionary<string, (long Length, TensorSpec Spec)> ReadFreeDimensions(ReadOnlySpan<TensorBuffer> inputs)
    {
        var lengths = new Dictionary<string, (long Length, TensorSpec Spec)>();
        foreach (TensorBuffer input in inputs)
        {
            for (int i = 0; input.HasValue && i < input.Shape.Length; i++)
            {
                if (input.Spec.Dimensions[i].Name is not { } name)
                {
                    continue;
                }

                if (!lengths.TryAdd(name, (input.Shape[i], input.Spec)) && lengths[name].Length != input.Shape[i])
                {
                    Throw.FreeDimensionsDiffer(name, lengths[name].Spec, lengths[name].Length, input.Spec, input.Shape[i]);
                }
            }
        }

        return lengths;
    }

    private static long[]? ResolveShape(TensorSpec output, Dictionary<string, (long Length, TensorSpec Spec)> lengths, int? batchSize)
    {
        if (output.Kind != TensorKind.Tensor || output.ElementType == TensorElementType.String)
        {
            return null;
        }

        var shape = new long[output.Dimensions.Count];
        for (int i = 0; i < shape.Length; i++)
        {
            TensorDimension dimension = output.Dimensions[i];
            if (dimension.Length is { } fixedLength)
            {
                shape[i] = fixedLength;
            }
            else if (i == 0 && batchSize is { } batch)
            {
                shape[i] = batch;
            }
            else if (dimension.Name is { } name && lengths.TryGetValue(name, out (long Length, TensorSpec Spec) known))
            {
                shape[i] = known.Length;
            }
            else
            {
                return null;
            }
        }

        return shape;
    }
}
