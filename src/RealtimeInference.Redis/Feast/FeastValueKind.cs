namespace RealtimeInference.Redis;

/// <summary>Which alternative of <c>feast.types.Value</c> is set; the numbers are those of its fields.</summary>
/// <remarks>https://github.com/feast-dev/feast/blob/master/protos/feast/types/Value.proto</remarks>
internal enum FeastValueKind
{
    /// <summary>None of them: what Feast writes for a value that is null.</summary>
    None = 0,
    Bytes = 1,
    String = 2,
    Int32 = 3,
    Int64 = 4,
    Double = 5,
    Float = 6,
    Bool = 7,

    /// <summary>Seconds since 1970.</summary>
    UnixTimestamp = 8,
    DoubleList = 15,
    FloatList = 16,
    Null = 19,
    Uuid = 30,
    TimeUuid = 31,
}
