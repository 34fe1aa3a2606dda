namespace RealtimeInference;

/// <summary>The values of a row. Belongs to one row while it is filled; never changes once a store shares it.</summary>
internal sealed class FeatureRowData(FeatureView view)
{
    private readonly long[] _bits = new long[view.Fields.Count];
    private readonly FeatureDefaultReason[] _reasons = NewReasons(view.Fields.Count);

    // Strings, and the arrays of vectors.
    private readonly object?[]? _objects = view.HasObjects ? new object?[view.Fields.Count] : null;
    private int _present;

    /// <summary>Gets whether no field is missing.</summary>
    public bool IsFull => _present == _bits.Length;

    /// <summary>Gets what was found instead of a value of the first field whose type is wrong.</summary>
    public string? Fault { get; private set; }

    public FeatureDefaultReason GetReason(int ordinal) => _reasons[ordinal];

    public bool Has(int ordinal) => _reasons[ordinal] == FeatureDefaultReason.None;

    public long GetBits(int ordinal) => _bits[ordinal];

    public object? GetObject(int ordinal) => _objects![ordinal];

    public void SetBits(int ordinal, long bits)
    {
        _bits[ordinal] = bits;
        SetReason(ordinal, FeatureDefaultReason.None);
    }

    public void SetObject(int ordinal, object? value)
    {
        _objects![ordinal] = value;
        SetReason(ordinal, value is null ? FeatureDefaultReason.Missing : FeatureDefaultReason.None);
    }

    /// <summary>Gets the memory of a vector, to be filled at once.</summary>
    public Span<float> SetVector(int ordinal, int length)
    {
        float[] vector = _objects![ordinal] as float[] ?? new float[length];
        SetObject(ordinal, vector);
        return vector;
    }

    public void SetWrongType(int ordinal, string found)
    {
        Fault ??= found;
        SetReason(ordinal, FeatureDefaultReason.WrongType);
    }

    /// <summary>Has every field missing again.</summary>
    public void Clear(FeatureView view)
    {
        Array.Fill(_reasons, FeatureDefaultReason.Missing);
        _present = 0;
        Fault = null;
        if (_objects is not null)
        {
            for (int i = 0; i < _objects.Length; i++)
            {
                // A vector's memory is used again; a string would only be kept alive.
                if (view.Fields[i].Type == FeatureType.String)
                {
                    _objects[i] = null;
                }
            }
        }
    }

    public FeatureRowData Clone(FeatureView view)
    {
        var clone = new FeatureRowData(view) { _present = _present, Fault = Fault };
        _bits.CopyTo(clone._bits, 0);
        _reasons.CopyTo(clone._reasons, 0);
        for (int i = 0; i < (_objects?.Length ?? 0); i++)
        {
            clone._objects![i] = !Has(i) ? null : _objects![i] is float[] vector ? vector.Clone() : _objects[i];
        }

        return clone;
    }

    private static FeatureDefaultReason[] NewReasons(int count)
    {
        var reasons = new FeatureDefaultReason[count];
        Array.Fill(reasons, FeatureDefaultReason.Missing);
        return reasons;
    }

    private void SetReason(int ordinal, FeatureDefaultReason reason)
    {
        _present += (reason == FeatureDefaultReason.None ? 1 : 0) - (Has(ordinal) ? 1 : 0);
        _reasons[ordinal] = reason;
    }
}
