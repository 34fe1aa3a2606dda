namespace RealtimeInference;

/// <summary>Makes a text into the number of a bucket by its hash, for categories that are too many to list.</summary>
/// <remarks>The hash is MurmurHash3 (x86, 32 bits) of the text in UTF-8; the bucket is its remainder.</remarks>
public sealed class HashedCategoryAttribute : FeatureAttribute
{
    /// <summary>Initializes a new instance of the <see cref="HashedCategoryAttribute"/> class.</summary>
    /// <param name="buckets">How many buckets there are: 1 to 16,777,216.</param>
    public HashedCategoryAttribute(int buckets) => Buckets = buckets;

    /// <summary>Gets how many buckets there are.</summary>
    public int Buckets { get; }

    /// <summary>Gets or sets the seed of the hash.</summary>
    public uint Seed { get; set; }

    /// <summary>Gets or sets whether it becomes one element for each bucket.</summary>
    public bool OneHot { get; set; }

    /// <summary>Gets or sets the text that stands for a missing one, with <see cref="MissingPolicy.Default"/> or <see cref="MissingPolicy.Indicator"/>.</summary>
    public string? Default { get; set; }
}
