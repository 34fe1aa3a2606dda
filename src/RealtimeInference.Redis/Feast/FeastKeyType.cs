namespace RealtimeInference.Redis;

/// <summary>What the values of a join key are: the type of its entity in Feast.</summary>
/// <remarks>The numbers are those of <c>feast.types.ValueType</c>. A wrong one finds no rows: the type is part of the key in Redis.</remarks>
public enum FeastKeyType
{
    /// <summary>Text: <c>ValueType.STRING</c>.</summary>
    String = 2,

    /// <summary>A whole number of 32 bits: <c>ValueType.INT32</c>.</summary>
    Int32 = 3,

    /// <summary>A whole number of 64 bits: <c>ValueType.INT64</c>.</summary>
    Int64 = 4,

    /// <summary>Seconds since 1970: <c>ValueType.UNIX_TIMESTAMP</c>.</summary>
    UnixTimestamp = 8,
}
