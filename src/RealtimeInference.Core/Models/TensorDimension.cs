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

    /// <inheritdoc/>
    public override string ToString() =>
        IsFree ? Name ?? "?" : (_lengthPlusOne - 1).ToString(CultureInfo.InvariantCulture);
}
