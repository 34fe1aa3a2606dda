namespace RealtimeInference;

/// <summary>Makes a number into the bucket that it falls into: one element for each bucket, or one with its number.</summary>
public sealed class BucketAttribute : FeatureAttribute
{
    /// <summary>Initializes a new instance of the <see cref="BucketAttribute"/> class.</summary>
    /// <param name="boundaries">Where buckets begin but for the first, ascending: a value on a boundary is in the bucket above it.</param>
    public BucketAttribute(params double[] boundaries) => Boundaries = boundaries;

    /// <summary>Gets where buckets begin but for the first.</summary>
    public IReadOnlyList<double> Boundaries { get; }

    /// <summary>Gets or sets whether it becomes one element with the number of the bucket, from 0.</summary>
    public bool Ordinal { get; set; }

    /// <summary>Gets or sets the value that stands for a missing one, with <see cref="MissingPolicy.Default"/> or <see cref="MissingPolicy.Indicator"/>.</summary>
    public double Default { get; set; }
}
