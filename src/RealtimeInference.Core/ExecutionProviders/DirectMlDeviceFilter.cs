namespace RealtimeInference;

/// <summary>Which kinds of device DirectML may choose.</summary>
public enum DirectMlDeviceFilter
{
    /// <summary>GPUs only.</summary>
    Gpu,

    /// <summary>Neural processors only.</summary>
    Npu,

    /// <summary>Any.</summary>
    Any,
}
