namespace RealtimeInference;

/// <summary>A feature with values of one type: the handle that reads and writes it without boxing.</summary>
/// <typeparam name="T">
/// <see cref="float"/>, <see cref="double"/>, <see cref="int"/>, <see cref="long"/>, <see cref="bool"/>, <see cref="string"/>
/// or <see cref="DateTimeOffset"/>. For vectors see <see cref="FeatureVectorField"/>.
/// </typeparam>
public sealed class FeatureField<T> : FeatureField
    where T : notnull
{
    /// <summary>Initializes a new instance of the <see cref="FeatureField{T}"/> class.</summary>
    /// <param name="name">The name, unique in its view.</param>
    /// <param name="defaultValue">Stands in for a value that is missing.</param>
    /// <param name="description">What the feature means, for people.</param>
    /// <exception cref="NotSupportedException">No feature has values of this type.</exception>
    public FeatureField(string name, T defaultValue, string? description = null)
        : base(name, FeatureBits.TypeOf<T>(name), description)
    {
        ArgumentNullException.ThrowIfNull(defaultValue);

        // What a store answers is in UTC, so the default is too.
        Default = defaultValue is DateTimeOffset ? FeatureBits.Decode<T>(FeatureBits.Encode(defaultValue)) : defaultValue;
    }

    /// <summary>Gets what stands in for a value that is missing.</summary>
    public T Default { get; }

    /// <inheritdoc/>
    public override object GetDefault() => Default;
}
