namespace RealtimeInference;

/// <summary>What the values of a feature are.</summary>
public enum FeatureType
{
    /// <summary>A <see cref="float"/>.</summary>
    Single = 0,

    /// <summary>A <see cref="double"/>.</summary>
    Double = 1,

    /// <summary>An <see cref="int"/>.</summary>
    Int32 = 2,

    /// <summary>A <see cref="long"/>.</summary>
    Int64 = 3,

    /// <summary>A <see cref="bool"/>.</summary>
    Boolean = 4,

    /// <summary>A <see cref="string"/>.</summary>
    String = 5,

    /// <summary>A <see cref="DateTimeOffset"/>: a moment, kept in UTC.</summary>
    Timestamp = 6,

    /// <summary>A fixed number of <see cref="float"/>: an embedding.</summary>
    Vector = 7,
}
