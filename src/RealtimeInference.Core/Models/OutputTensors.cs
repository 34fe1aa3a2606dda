namespace RealtimeInference;

/// <summary>Reads the output tensors of one example, straight from the memory that the model wrote.</summary>
/// <remarks>Spans are valid only until the decoder returns: copy what is to be kept.</remarks>
public readonly ref struct OutputTensors
{
    private readonly ModelRunner _runner;
    private readonly int _row;

    internal OutputTensors(ModelRunner runner, int row)
    {
        _runner = runner;
        _row = row;
    }

    /// <summary>Gets the signature of the model.</summary>
    public ModelSignature Signature => _runner.Signature;

    /// <summary>Gets the example's elements of an output.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="name">The name of the output.</param>
    /// <returns>The elements, row-major.</returns>
    /// <exception cref="TensorMismatchException">The name or the type does not fit.</exception>
    public ReadOnlySpan<T> Get<T>(string name)
        where T : unmanaged
    {
        TensorBuffer output = _runner.FindOutput(name);
        CheckRows(output);
        Span<T> row = output.GetRow<T>(_row, _runner.BatchSize);
        return output.RowShape is { } shape ? row[..(int)Count(shape)] : row;
    }

    /// <summary>Gets the example's strings of an output.</summary>
    /// <param name="name">The name of the output.</param>
    /// <returns>The strings, row-major.</returns>
    /// <exception cref="TensorMismatchException">The name or the type does not fit.</exception>
    public ReadOnlySpan<string> GetStrings(string name)
    {
        TensorBuffer output = _runner.FindOutput(name);
        CheckRows(output);
        return output.GetStringRow(_row, _runner.BatchSize)!;
    }

    /// <summary>Gets the example's map of an output that is a sequence of maps.</summary>
    /// <typeparam name="TKey">The type of the classes: <see cref="long"/> or <see cref="string"/>.</typeparam>
    /// <typeparam name="TValue">The type of the scores: <see cref="float"/> for what scikit-learn exports.</typeparam>
    /// <param name="name">The name of the output.</param>
    /// <returns>The score of each class; its own object, which may be kept.</returns>
    /// <exception cref="TensorMismatchException">The name or a type does not fit.</exception>
    public IReadOnlyDictionary<TKey, TValue> GetMap<TKey, TValue>(string name)
        where TKey : notnull
    {
        TensorBuffer output = _runner.FindOutput(name);
        if (output.Spec.Kind == TensorKind.SequenceOfMaps && output.Maps.Length != _runner.BatchSize)
        {
            Throw.OutputHasNoRows(output.Spec, [output.Maps.Length], _runner.BatchSize);
        }

        if (output.Spec.Kind != TensorKind.SequenceOfMaps || output.Maps[_row] is not IReadOnlyDictionary<TKey, TValue> map)
        {
            Throw.WrongElementType(output.Spec, $"a map from {typeof(TKey).Name} to {typeof(TValue).Name}");
            return null;
        }

        return map;
    }

    /// <summary>Gets the shape of one example's output.</summary>
    /// <param name="name">The name of the output.</param>
    /// <returns>The dimensions without the one that counts the examples.</returns>
    /// <exception cref="TensorMismatchException">The model has no such output.</exception>
    public ReadOnlySpan<long> GetShape(string name)
    {
        TensorBuffer output = _runner.FindOutput(name);
        CheckRows(output);
        return output.RowShape ?? output.Shape[output.RowStart..];
    }

    private static long Count(long[] shape)
    {
        long count = 1;
        foreach (long length in shape)
        {
            count *= length;
        }

        return count;
    }

    private void CheckRows(TensorBuffer output)
    {
        if (output.HasBatchDimension && (output.Shape.IsEmpty || output.Shape[0] != _runner.BatchSize))
        {
            Throw.OutputHasNoRows(output.Spec, output.Shape, _runner.BatchSize);
        }
    }
}
