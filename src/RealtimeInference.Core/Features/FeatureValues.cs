using System.Runtime.CompilerServices;

namespace RealtimeInference;

/// <summary>One row as a prediction reads it: stored values, and defaults where there are none. Valid only during the call that was given it.</summary>
public readonly ref struct FeatureValues
{
    private readonly FeatureRow _row;
    private readonly FeatureRowData? _data;
    private readonly TimeProvider _timeProvider;

    internal FeatureValues(FeatureRow row, TimeProvider timeProvider)
    {
        _row = row;
        _data = row.Data;
        _timeProvider = timeProvider;
    }

    /// <summary>Gets the view.</summary>
    public FeatureView View => _row.View;

    /// <summary>Gets whose row it is; empty where the request named nobody.</summary>
    public EntityKey Key => _row.Key;

    /// <summary>Gets whether every field has its default, because there is no row.</summary>
    public bool IsDefaulted => DefaultReason != FeatureDefaultReason.None;

    /// <summary>Gets why every field has its default.</summary>
    /// <value><see cref="FeatureDefaultReason.None"/> where there is a row.</value>
    public FeatureDefaultReason DefaultReason => _row.DefaultReason;

    /// <summary>Gets when the values were true.</summary>
    /// <value><see langword="null"/> where it is not known, or there is no row.</value>
    public DateTimeOffset? Timestamp => _row.Timestamp;

    /// <summary>Gets how old the values are.</summary>
    /// <value><see langword="null"/> where it is not known, or there is no row. Reads the clock each time.</value>
    public TimeSpan? Age => _timeProvider.GetUtcNow() - _row.Timestamp;

    /// <summary>Gets a value, or its default.</summary>
    /// <typeparam name="T">The type of the value.</typeparam>
    /// <param name="field">A field of the view.</param>
    /// <returns>The value; of a time always in UTC.</returns>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Get<T>(FeatureField<T> field)
        where T : notnull
    {
        CheckView(field);
        if (_data is null || !_data.Has(field.Ordinal))
        {
            return field.Default;
        }

        if (!FeatureBits.IsBits<T>())
        {
            object? value = _data.GetObject(field.Ordinal);
            return Unsafe.As<object?, T>(ref value);
        }

        return FeatureBits.Decode<T>(_data.GetBits(field.Ordinal));
    }

    /// <summary>Gets a vector, or its default.</summary>
    /// <param name="field">A field of the view.</param>
    /// <returns>The vector, of the field's length; valid as long as these values.</returns>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    public ReadOnlySpan<float> Get(FeatureVectorField field)
    {
        CheckView(field);
        return _data is null || !_data.Has(field.Ordinal) ? field.Default : (float[])_data.GetObject(field.Ordinal)!;
    }

    /// <summary>Gets why a field has its default.</summary>
    /// <param name="field">A field of the view.</param>
    /// <returns><see cref="FeatureDefaultReason.None"/> where its value is the stored one.</returns>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    public FeatureDefaultReason GetDefaultReason(FeatureField field)
    {
        CheckView(field);
        FeatureDefaultReason reason = DefaultReason;
        return reason != FeatureDefaultReason.None ? reason : _data?.GetReason(field.Ordinal) ?? FeatureDefaultReason.Missing;
    }

    /// <summary>Gets whether a field has its default.</summary>
    /// <param name="field">A field of the view.</param>
    /// <returns>Whether it has.</returns>
    /// <exception cref="FeatureMismatchException">The field is another view's.</exception>
    public bool HasDefault(FeatureField field) => GetDefaultReason(field) != FeatureDefaultReason.None;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckView(FeatureField field)
    {
        if (field.View != _row.View)
        {
            throw FeatureMismatchException.OtherField(_row.View, field);
        }
    }
}
