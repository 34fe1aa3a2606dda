using System.Globalization;

namespace RealtimeInference;

/// <summary>One dimension of a tensor: a fixed length, or free with an optional name.</summary>
public readonly record struct TensorDimension
{
    private readonly long _lengthPlusOne;

    private TensorDimension(long lengthPlusOne, string? name)
    {
        _lengthPlusOne = lengthPlusOne;
        Name = name;
    }

    /// <summary>Gets the fixed length.</summary>
    /// <value><see langword="null"/> where the dimension is free.</value>
    public long? Length => IsFree ? null : _lengthPlusOne - 1;

    /// <summary>Gets the name of a free dimension, such as <c>batch</c>. Equal names mean equal lengths in a run.</summary>
    public string? Name { get; }

    /// <summary>Gets whether the length is chosen by each run.</summary>
    public bool IsFree => _lengthPlusOne == 0;

    /// <summary>Makes a dimension of a fixed length.</summary>
    /// <param name="length">The length; not negative.</param>
    /// <returns>The dimension.</returns>
    public static TensorDimension Fixed(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new(length + 1, null);
    }

    /// <summary>Makes a free dimension.</summary>
    /// <param name="name">Its name, if it has one.</param>
    /// <returns>The dimension.</returns>
    public static TensorDimension Free(string? name = null) => new(0, name);

    /// <summary>Works out a shape of so many elements: the last free dimension gets what the fixed ones leave, other free ones are 1.</summary>
    /// <param name="dimensions">The dimensions.</param>
    /// <param name="start">Where the shape begins among them.</param>
    /// <param name="count">The number of elements.</param>
    /// <param name="shape">The shape.</param>
    /// <returns>Whether it holds just so many.</returns>
    internal static bool TryFit(IReadOnlyList<TensorDimension> dimensions, int start, int count, Span<int> shape)
    {
        long known = 1;
        int last = -1;
        for (int i = 0; i < shape.Length; i++)
        {
            TensorDimension dimension = dimensions[start + i];
            shape[i] = (int)(dimension.Length ?? 1);
            known *= shape[i];
            last = dimension.IsFree ? i : last;
        }

        if (last >= 0 && known > 0)
        {
            shape[last] = (int)(count / known);
            known *= shape[last];
        }

        return known == count;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        IsFree ? Name ?? "?" : (_lengthPlusOne - 1).ToString(CultureInfo.InvariantCulture);
}
