namespace RealtimeInference;

/// <summary>A feature that is a vector of fixed length, such as an embedding; read as a span.</summary>
public sealed class FeatureVectorField : FeatureField
{
    private readonly float[] _default;

    /// <summary>Initializes a new instance of the <see cref="FeatureVectorField"/> class, whose default is all zeros.</summary>
    /// <param name="name">The name, unique in its view.</param>
    /// <param name="length">How many numbers a vector has; at least 1.</param>
    /// <param name="description">What the feature means, for people.</param>
    public FeatureVectorField(string name, int length, string? description = null)
        : base(name, FeatureType.Vector, description)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        _default = new float[length];
    }

    /// <summary>Initializes a new instance of the <see cref="FeatureVectorField"/> class with a default of its own.</summary>
    /// <param name="name">The name, unique in its view.</param>
    /// <param name="defaultValue">Stands in for a vector that is missing; its length is that of every vector; copied.</param>
    /// <param name="description">What the feature means, for people.</param>
    public FeatureVectorField(string name, ReadOnlySpan<float> defaultValue, string? description = null)
        : base(name, FeatureType.Vector, description)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(defaultValue.Length, 1, nameof(defaultValue));
        _default = defaultValue.ToArray();
    }

    /// <summary>Gets how many numbers a vector has.</summary>
    public int Length => _default.Length;

    /// <summary>Gets what stands in for a vector that is missing.</summary>
    public ReadOnlySpan<float> Default => _default;

    /// <inheritdoc/>
    public override object GetDefault() => _default.Clone();
}
