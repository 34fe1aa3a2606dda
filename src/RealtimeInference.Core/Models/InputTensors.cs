using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>Writes the input tensors of one example, straight into the memory that the model reads.</summary>
/// <remarks>
/// Shapes are those of one example: the dimension that counts the examples of a batch is the library's. An input whose
/// other dimensions are all fixed needs no shape; one with free dimensions is given the example's shape after its name.
/// </remarks>
public readonly ref struct InputTensors
{
    private readonly InputSet _set;
    private readonly int _row;

    internal InputTensors(InputSet set, int row)
    {
        _set = set;
        _row = row;
    }

    /// <summary>Gets the signature of the model.</summary>
    public ModelSignature Signature => _set.Signature;

    /// <summary>Gets the example's elements of an input, all zero, to be written.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="name">The name of the input.</param>
    /// <returns>The memory that the model reads.</returns>
    /// <exception cref="TensorMismatchException">The name or the type does not fit, or a shape is needed.</exception>
    public Span<T> Get<T>(string name)
        where T : unmanaged
    {
        Span<T> span = GetUninitialized<T>(name);
        span.Clear();
        return span;
    }

    /// <summary>Gets the example's elements of an input with free dimensions, all zero, to be written.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="name">The name of the input.</param>
    /// <param name="shape">The shape of this example.</param>
    /// <returns>The memory that the model reads.</returns>
    /// <exception cref="TensorMismatchException">The name, the type, the rank or a dimension does not fit.</exception>
    public Span<T> Get<T>(string name, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        Span<T> span = GetUninitialized<T>(name, shape);
        span.Clear();
        return span;
    }

    /// <summary>As <see cref="Get{T}(string)"/>, without clearing: write every element.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="name">The name of the input.</param>
    /// <returns>The memory that the model reads, with elements of earlier examples in it.</returns>
    /// <exception cref="TensorMismatchException">The name or the type does not fit, or a shape is needed.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<T> GetUninitialized<T>(string name)
        where T : unmanaged
    {
        TensorBuffer input = _set.Find(name);
        _set.Write(input);
        return input.GetRow<T>(_row, _set.BatchSize);
    }

    /// <summary>As <see cref="Get{T}(string, ReadOnlySpan{int})"/>, without clearing: write every element.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="name">The name of the input.</param>
    /// <param name="shape">The shape of this example.</param>
    /// <returns>The memory that the model reads, with elements of earlier examples in it.</returns>
    /// <exception cref="TensorMismatchException">The name, the type, the rank or a dimension does not fit.</exception>
    public Span<T> GetUninitialized<T>(string name, params ReadOnlySpan<int> shape)
        where T : unmanaged
    {
        TensorBuffer input = _set.Find(name);
        _set.Write(input, shape);
        return input.GetRow<T>(_row, _set.BatchSize);
    }

    /// <summary>Gets the example's elements of an input in one row, whatever its dimensions are, without clearing.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="name">The name of the input.</param>
    /// <param name="count">How many elements there must be; a free dimension gets what the fixed ones leave.</param>
    internal Span<T> GetFlat<T>(string name, int count)
        where T : unmanaged
    {
        TensorBuffer input = _set.Find(name);
        if (input.HasFixedRowShape)
        {
            _set.Write(input);
        }
        else
        {
            _set.WriteFlat(input, count);
        }

        Span<T> row = input.GetRow<T>(_row, _set.BatchSize);
        if (row.Length != count)
        {
            Throw.WrongLength(input.Spec, row.Length, count);
        }

        return row;
    }

    /// <summary>Copies the example's elements into an input.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="name">The name of the input.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <exception cref="TensorMismatchException">The name, the type or the number of elements does not fit.</exception>
    public void Set<T>(string name, ReadOnlySpan<T> values)
        where T : unmanaged => Copy(name, values, GetUninitialized<T>(name));

    /// <summary>Copies the example's elements into an input with free dimensions.</summary>
    /// <typeparam name="T">The .NET type of the elements.</typeparam>
    /// <param name="name">The name of the input.</param>
    /// <param name="values">The elements, row-major.</param>
    /// <param name="shape">The shape of this example.</param>
    /// <exception cref="TensorMismatchException">The name, the type, the shape or the number of elements does not fit.</exception>
    public void Set<T>(string name, ReadOnlySpan<T> values, params ReadOnlySpan<int> shape)
        where T : unmanaged => Copy(name, values, GetUninitialized<T>(name, shape));

    /// <summary>Copies the example's strings into an input.</summary>
    /// <param name="name">The name of the input.</param>
    /// <param name="values">The strings, row-major; none may be <see langword="null"/>.</param>
    /// <exception cref="TensorMismatchException">The name, the type or the number of strings does not fit.</exception>
    public void SetStrings(string name, params ReadOnlySpan<string> values)
    {
        TensorBuffer input = _set.Find(name);
        _set.Write(input);
        CopyStrings(input, values);
    }

    /// <summary>Copies the example's strings into an input with free dimensions.</summary>
    /// <param name="name">The name of the input.</param>
    /// <param name="values">The strings, row-major; none may be <see langword="null"/>.</param>
    /// <param name="shape">The shape of this example.</param>
    /// <exception cref="TensorMismatchException">The name, the type, the shape or the number of strings does not fit.</exception>
    public void SetStrings(string name, ReadOnlySpan<string> values, ReadOnlySpan<int> shape)
    {
        TensorBuffer input = _set.Find(name);
        _set.Write(input, shape);
        CopyStrings(input, values);
    }

    /// <summary>Copies an example that was written before, for the same signature.</summary>
    internal void CopyFrom(InputSet source)
    {
        for (int i = 0; i < source.Buffers.Length; i++)
        {
            if (source.Buffers[i].HasValue)
            {
                CopyFrom(source.Buffers[i], _set.Buffers[i]);
            }
        }
    }

    private void CopyFrom(TensorBuffer source, TensorBuffer target)
    {
        if (target.HasFixedRowShape)
        {
            _set.Write(target);
        }
        else
        {
            ReadOnlySpan<long> rowShape = source.Shape[source.RowStart..];
            Span<int> shape = stackalloc int[rowShape.Length];
            for (int i = 0; i < shape.Length; i++)
            {
                shape[i] = (int)rowShape[i];
            }

            _set.Write(target, shape);
        }

        if (target.Spec.ElementType == TensorElementType.String)
        {
            source.Strings.CopyTo(target.GetStringRow(_row, _set.BatchSize));
        }
        else
        {
            source.Bytes.CopyTo(target.GetRowBytes(_row, _set.BatchSize));
        }
    }

    private void Copy<T>(string name, ReadOnlySpan<T> values, Span<T> target)
        where T : unmanaged
    {
        if (values.Length != target.Length)
        {
            Throw.WrongLength(_set.Find(name).Spec, target.Length, values.Length);
        }

        values.CopyTo(target);
    }

    private void CopyStrings(TensorBuffer input, ReadOnlySpan<string> values)
    {
        Span<string?> target = input.GetStringRow(_row, _set.BatchSize);
        if (values.Length != target.Length)
        {
            Throw.WrongLength(input.Spec, target.Length, values.Length);
        }

        values.CopyTo(target!);
    }
}
